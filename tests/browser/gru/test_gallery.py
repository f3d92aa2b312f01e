"""Every component as a browser shows it: by day on a desk, by night on a phone, opened by keys."""

from typing import Any

import pytest

from tests.browser.gru.test_agents import signed_in, town
from tests.browser.harness.pages import Mode
from tests.browser.harness.visits import Visit

__all__ = ["town"]
pytestmark = pytest.mark.browser

DESK = Mode("day")


def test_the_gallery_is_for_agents_where_citizens_come(visiting: Any) -> None:
    visit: Visit = visiting(DESK)
    visit.go("/design/")
    assert "/agents/connexion/" in visit.page.url


@pytest.mark.exigence("A11Y-10")
def test_a_window_opens_and_closes_by_keys_and_gives_the_focus_back(visiting: Any, town: Any) -> None:
    visit: Visit = signed_in(visiting(DESK), town)
    page = visit.page
    visit.go("/design/actions/")
    visit.reach("[popovertarget=retrait]")
    page.keyboard.press("Enter")
    assert page.is_visible("#retrait h2")
    assert page.evaluate("document.querySelector('#retrait').matches(':modal')")
    visit.check()
    page.keyboard.press("Escape")
    assert not page.is_visible("#retrait h2")
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == "retrait"


def test_a_window_and_the_menu_open_without_javascript(visiting: Any, town: Any) -> None:
    visit = signed_in(visiting(Mode("no-script", width=360, scripts=False)), town)
    visit.go("/design/actions/")
    visit.page.click(".menu-button")
    assert visit.page.is_visible("#menu a >> nth=0")
    visit.page.keyboard.press("Escape")
    visit.page.click("button[popovertarget=retrait] >> nth=0")
    assert visit.page.is_visible("#retrait h2")


def test_the_characters_left_are_told_after_one_stops_typing(visiting: Any, town: Any) -> None:
    visit: Visit = signed_in(visiting(DESK), town)
    visit.go("/design/champs/")
    visit.page.fill("#champ-precisions", "Un trou")
    visit.page.wait_for_selector("text=Caractères restants : 493")
