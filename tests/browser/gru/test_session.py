"""A session that ends by itself, with a person in front of it or not: two tabs, a text being typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from etoile.gru.accounts.models import PersonSession
from tests.browser.gru.space_entries import EMAIL, PHRASE, cookie, enter
from tests.browser.harness.pages import Mode

pytestmark = pytest.mark.browser
WARNED, STAY = "[data-says=lasts]", "[data-says=lasts] button"


def left_alone(minutes: int) -> None:
    PersonSession.objects.update(shared=True, seen_at=timezone.now() - timedelta(minutes=minutes))


@pytest.mark.exigence("A11Y-10")
def test_it_is_said_before_any_tab_or_a_button_prolongs_and_what_is_typed_comes_back(visiting: Any, town: Any) -> None:
    enter(town, EMAIL)
    visit = visiting(Mode("narrow", width=320))
    page = visit.page
    page.context.add_cookies(
        [{"name": settings.PERSON_COOKIE_NAME, "value": next(iter(cookie(EMAIL).values())), "url": visit.address}]
    )
    left_alone(0)
    page.clock.install()
    visit.go("/mon-espace/informations/modifier/")
    page.fill("[name=family_name]", "Martin de la Tour")

    left_alone(12)
    page.clock.fast_forward("11:00")
    page.wait_for_selector(STAY)
    visit.check()
    assert page.evaluate("document.activeElement.name") == "family_name", "what is typed keeps the focus"
    page.click(STAY)
    page.wait_for_selector(WARNED, state="detached")

    left_alone(12)
    page.clock.fast_forward("11:00")
    page.wait_for_selector(STAY)
    other = page.context.new_page()
    other.goto(f"{visit.address}/mon-espace/")
    page.wait_for_selector(WARNED, state="detached")
    other.close()

    left_alone(16)
    page.clock.fast_forward("16:00")
    page.wait_for_url("**/mon-espace/connexion/**")
    assert "gardé" in page.inner_text("main")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=passphrase]", PHRASE)
    page.click("#connexion button")
    page.wait_for_url("**/mon-espace/reprise/")
    assert "Martin de la Tour" in page.inner_text("main")
