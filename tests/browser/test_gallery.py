"""Every component as a browser shows it: by day on a desk, by night on a phone, opened by keys."""

from typing import Any

import pytest

from etoile.design.gallery.catalogue import GROUPS
from tests.browser.conftest import Mode, Visit
from tests.browser.test_agents import OPEN_ALL, signed_in, town
from tests.browser.test_portal import reach

__all__ = ["town"]
pytestmark = pytest.mark.browser

PATHS = ["/design/", *(f"/design/{group.slug}/" for group in GROUPS)]
DESK = Mode("light", 1280)


@pytest.mark.parametrize("mode", [DESK, Mode("dark", 320)], ids=str)
def test_every_component_is_accessible(visiting: Any, town: Any, mode: Mode, subtests: Any) -> None:
    visit = signed_in(visiting(mode), town)
    for path in PATHS:
        with subtests.test(page=path):
            visit.go(path)
            visit.page.evaluate(OPEN_ALL)
            visit.check()


def test_the_gallery_is_for_agents_where_citizens_come(visiting: Any) -> None:
    visit: Visit = visiting(DESK)
    visit.go("/design/")
    assert "/agents/connexion/" in visit.page.url


@pytest.mark.exigence("A11Y-10")
def test_a_window_opens_and_closes_by_keys_and_gives_the_focus_back(visiting: Any, town: Any) -> None:
    visit: Visit = signed_in(visiting(DESK), town)
    page = visit.page
    visit.go("/design/actions/")
    reach(page, "[popovertarget=retrait]")
    page.keyboard.press("Enter")
    assert page.is_visible("#retrait h2")
    assert page.evaluate("document.querySelector('#retrait').matches(':modal')")
    visit.check()
    page.keyboard.press("Escape")
    assert not page.is_visible("#retrait h2")
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == "retrait"


def test_a_window_and_the_menu_open_without_javascript(visiting: Any, town: Any) -> None:
    visit = signed_in(visiting(Mode("light", 360), java_script_enabled=False), town)
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
