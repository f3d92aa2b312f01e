"""Screens are French with a complete English version."""

import pytest

from etoile.runtime.messages import compared
from tests.architecture.tree import SOURCE


@pytest.mark.parametrize("place", ["hub", "gru", "design"])
def test_every_sentence_on_screen_has_its_english_and_no_other_does(place):
    assert compared(SOURCE / place) == ([], [])
