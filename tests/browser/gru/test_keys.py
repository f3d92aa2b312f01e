"""A key in the hand of an agent: Chromium's own, made of software, which answers as a USB one that is touched."""

import time
from typing import Any

import pytest

from etoile.gru.access import factors
from etoile.runtime import totp
from tests.browser.gru.test_agents import signed_in, town
from tests.browser.harness.pages import Mode
from tests.gru.access.test_door import PASSWORD, SECRET

__all__ = ["town"]
pytestmark = pytest.mark.browser
TOUCHED = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": False,
    "isUserVerified": False,
    "automaticPresenceSimulation": True,
}


@pytest.mark.exigence("A11Y-10")
def test_a_key_is_added_by_the_keyboard_then_opens_the_door_and_one_that_is_absent_says_what_to_do(
    visiting: Any, town: Any
) -> None:
    town.agent.set_password(PASSWORD)
    town.agent.save()
    factors.give(town.agent, SECRET)
    visit = signed_in(visiting(Mode("day")), town)
    page = visit.page
    hand = page.context.new_cdp_session(page)
    hand.send("WebAuthn.enable")
    key = hand.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCHED})["authenticatorId"]
    visit.go("/agents/securite/")
    page.fill("#id_code", totp.code_at(SECRET, totp.step_of(time.time())))
    visit.reach("button[name=key]")
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-key]")
    assert not page.is_visible("[data-without-keys]")
    visit.check()
    page.fill("[name=name]", "Clé bleue")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cles")
    assert "Clé bleue" in page.inner_text("[aria-labelledby=cles]")
    visit.check()
    assert len(hand.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1

    page.context.clear_cookies()
    visit.go("/agents/connexion/")
    page.fill("[name=username]", town.agent.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-key]")
    visit.check()
    hand.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    hand.send("WebAuthn.setResponseOverrideBits", {"authenticatorId": key, "isBogusSignature": True})
    page.click("form[data-key] button")
    page.wait_for_selector("main .banner")
    visit.check()
    hand.send("WebAuthn.setResponseOverrideBits", {"authenticatorId": key})
    visit.reach("form[data-key] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/agents/")
    hand.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
