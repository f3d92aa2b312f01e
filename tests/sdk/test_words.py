"""What the settings of a connector say is French, and English for who reads it."""

import pytest

from etoile.sdk.connector import discover
from etoile.sdk.testing import assert_conforms
from etoile.sdk.words import OURS, texts_of, words_of

CONNECTORS = discover()


@pytest.mark.parametrize("name", sorted(CONNECTORS))
def test_each_setting_of_the_house_is_explained_in_french_and_in_english(name):
    assert_conforms(CONNECTORS[name])
    english = words_of(CONNECTORS[name], "en")
    assert [text for text in texts_of(CONNECTORS[name]) if not english.get(text)] == []


def test_no_translation_is_left_of_a_text_that_is_gone():
    shown = {text for each in CONNECTORS.values() for text in texts_of(each)}
    translated = {text for each in CONNECTORS.values() for text in words_of(each, "en")}
    assert translated - shown == set()


def test_a_connector_without_english_or_with_a_spoilt_file_is_shown_in_french(tmp_path, monkeypatch):
    connector = CONNECTORS["webhook"]
    ours = words_of(connector, "de")
    assert ours == {}
    monkeypatch.setattr("etoile.sdk.words.folder_of", lambda each: tmp_path)
    (tmp_path / "words.en.yaml").write_text("- a list\n- is no translation\n")
    words_of.cache_clear()
    assert words_of(connector, "en")["Identifiant"] == "User name"
    (tmp_path / "words.en.yaml").write_text('"Identifiant: {')
    words_of.cache_clear()
    assert words_of(connector, "en")["Identifiant"] == "User name"
    words_of.cache_clear()
    assert (OURS / "words.en.yaml").is_file()
