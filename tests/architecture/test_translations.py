"""Screens are French with a complete English version."""

import pytest

from etoile.runtime.messages import idle, missing
from tests.architecture.tree import SOURCE


@pytest.mark.parametrize("place", ["hub", "gru", "design"])
def test_every_sentence_on_screen_has_its_english(place):
    assert missing(SOURCE / place) == []


@pytest.mark.parametrize("place", ["hub", "gru", "design"])
def test_every_english_sentence_is_of_one_on_screen(place):
    assert idle(SOURCE / place) == []
