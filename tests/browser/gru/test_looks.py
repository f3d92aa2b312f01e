"""What the quick pass over the pages may leave out: texts that look the same as those it has judged."""

import pytest

from tests.browser.harness.checks import COLOURS, axe

pytestmark = [pytest.mark.browser, pytest.mark.light]
PAGE = "<!doctype html><html lang=fr><title>Pages</title><body style='background: #fff'>{}"
FINE = "<p style='color: #222'>Lisible</p>"
OFF = "<button style='color: #bbb' disabled>Éteint</button>"
PALE = "<p style='color: #bbb'>Pâle</p>"
PALER_BEHIND = "<div style='background: #333'><p style='color: #222'>Lisible ailleurs</p></div>"


def test_each_look_is_judged_and_a_new_one_on_a_later_page_too(chromium):
    page, looks = chromium.new_page(), {}
    found = []
    for body in (FINE * 9 + OFF * 9, FINE + PALER_BEHIND, OFF + PALE, FINE + PALE * 9):
        page.set_content(PAGE.format(body))
        found.append([len(axe(page, COLOURS, looks)), page.locator("[data-look]").count()])
    page.close()
    assert found == [[0, 0], [1, 0], [1, 0], [2, 0]], "three times at most, and no trace of it"
