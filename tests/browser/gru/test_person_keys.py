"""A passkey in the telephone of a person: Chromium's own, made of software, which reads a finger when it is told to."""

from typing import Any

import pytest
from django.conf import settings

from tests.browser.gru.space_entries import EMAIL, PHRASE, cookie, enter
from tests.browser.harness.pages import Mode

pytestmark = pytest.mark.browser
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.exigence("A11Y-10")
def test_a_passkey_is_added_then_opens_the_space_with_nothing_typed(visiting: Any, town: Any) -> None:
    enter(town, EMAIL)
    visit = visiting(Mode("narrow", width=320))
    page = visit.page
    page.context.add_cookies(
        [{"name": settings.PERSON_COOKIE_NAME, "value": next(iter(cookie(EMAIL).values())), "url": visit.address}]
    )
    hand = page.context.new_cdp_session(page)
    hand.send("WebAuthn.enable")
    phone = hand.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})["authenticatorId"]
    visit.go("/mon-espace/securite/")
    page.click("a[href$='/securite/cles/']")
    page.wait_for_selector("#cle")
    page.wait_for_selector("[data-without-keys]", state="hidden")
    visit.check()
    page.fill("#champ-name", "Mon téléphone")
    page.fill("#champ-current", PHRASE)
    page.keyboard.press("Enter")
    page.wait_for_selector("form[data-key]")
    visit.check()
    visit.reach("form[data-key] button")
    page.keyboard.press("Enter")
    page.wait_for_selector("ul[aria-labelledby=cles]")
    visit.check()
    (kept,) = hand.send("WebAuthn.getCredentials", {"authenticatorId": phone})["credentials"]
    assert kept["isResidentCredential"]

    page.context.clear_cookies()
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": visit.address}])
    visit.go("/mon-espace/connexion/")
    page.get_by_role("button", name="Come in with my passkey").wait_for()
    visit.check()
    # A finger that is not theirs: the telephone refuses, and the page says what to do.
    hand.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    page.click("form[data-key] button")
    page.wait_for_selector("[data-refused]:visible")
    hand.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": True})
    hand.send("WebAuthn.setResponseOverrideBits", {"authenticatorId": phone, "isBogusSignature": True})
    page.click("form[data-key] button")
    page.wait_for_selector("main .banner")
    visit.check()
    hand.send("WebAuthn.setResponseOverrideBits", {"authenticatorId": phone})
    visit.reach("form[data-key] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/mon-espace/")
    hand.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": phone})
