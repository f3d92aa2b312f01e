"""`make screens` draws the images of docs/screens.md."""

import os

import pytest

from tests.browser.harness import screens
from tests.browser.harness.pages import MODES
from tests.browser.hub import entries as hub

SHOWN = [entry for entry in hub.ENTRIES if entry.shown_as]
DRAWING = pytest.mark.skipif(not os.environ.get("SCREENS"), reason="make screens draws them")


@DRAWING
@pytest.mark.django_db
@pytest.mark.browser
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode.name in screens.SHOWN], ids=str)
@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.name)
def test_a_main_page_is_drawn(site, entry, mode):
    shown = site.show(entry, mode, opened=False)
    screens.keep(shown.page, "hub", entry, mode.name)
    shown.page.close()
