"""Every page of the console, in every mode. The list is checked against the URL table: none can be forgotten."""

import pytest

from tests.browser.harness import matrix
from tests.browser.harness.pages import visits
from tests.browser.hub.entries import ENTRIES, MACHINE, NO_PAGE

# The database is made for the tests that say they use it; these do, through the server.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.light
def test_every_route_has_an_entry_that_says_how_to_reach_it():
    assert matrix.unnamed(ENTRIES, NO_PAGE, MACHINE) == (set(), set())


@pytest.mark.exigence("A11Y-08")
def test_no_two_pages_have_the_same_title(site):
    assert matrix.alike(site, ENTRIES) == {}


@pytest.mark.parametrize("route", NO_PAGE, ids=lambda route: f"/{route.route}")
def test_a_route_said_to_show_no_page_shows_none(site, route):
    assert matrix.shows_no_page(site, route) == []


@pytest.mark.exigence("A11Y-08")
@pytest.mark.exigence("A11Y-09")
@pytest.mark.exigence("A11Y-11")
@pytest.mark.exigence("A11Y-12")
@pytest.mark.parametrize(("entry", "mode"), visits(ENTRIES))
def test_a_page_is_for_everyone(site, checker, entry, mode):
    matrix.expect(site, entry, mode, checker)
