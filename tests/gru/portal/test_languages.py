"""A third language is a file: nothing else is written anywhere."""

import json
import os
import subprocess
import sys

import pytest
from django.conf.locale import LANG_INFO

from etoile.gru.forms.texts import Text
from etoile.runtime import languages
from etoile.runtime.messages import compile_all

BRETON = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\nLanguage: br\nPlural-Forms: nplurals=2; plural=(n > 1);\n"

msgid "Aide"
msgstr "Sikour"

msgid "Démarches"
msgstr "Diazezadoù"
"""


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "locale" / "br" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.po").write_text(BRETON)
    compile_all(tmp_path / "locale")
    return tmp_path / "locale"


def test_the_portal_speaks_a_language_dropped_in_a_folder(client, town, folder, settings):
    settings.LANGUAGES = languages.found(*languages.delivered("gru"), folder)
    settings.LOCALE_PATHS = [folder]
    assert [code for code, _name in settings.LANGUAGES] == ["fr", "en", "br"]
    page = client.get("/aide", headers={"accept-language": "br"}).content.decode()
    assert '<html lang="br"' in page
    assert "<h1>Sikour</h1>" in page
    assert ">Diazezadoù<" in page
    assert 'value="br" lang="br" aria-current="true"' in page
    assert client.post("/langue/", {"language": "br", "next": "/aide"}).cookies["django_language"].value == "br"
    # What the file does not say yet is said in French.
    assert "Se faire aider" in page


def test_the_settings_find_the_file_by_themselves(folder):
    asked = "import django, json; django.setup(); from django.conf import settings\n"
    asked += "from django.utils import translation\n"
    asked += "translation.activate('br'); print(json.dumps([settings.LANGUAGES, translation.gettext('Aide')]))"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "etoile.gru.settings",
        "ETOILE_DATA": str(folder.parent),
        "ETOILE_ENV": "test",
    }
    run = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    known, word = json.loads(run.stdout.splitlines()[-1])
    assert known == [["fr", "Français"], ["en", "English"], ["br", "Brezhoneg"]]
    assert word == "Sikour"


def test_a_language_nobody_knows_names_itself(tmp_path):
    place = tmp_path / "gcf" / "LC_MESSAGES"
    place.mkdir(parents=True)
    header = "Content-Type: text/plain; charset=UTF-8\\nX-Language-Name: Kréyòl gwadloupéyen\\n"
    (place / "django.po").write_text(f'msgid ""\nmsgstr "{header}"\n\nmsgid "Aide"\nmsgstr "Éd"\n')
    found = languages.found(tmp_path)
    assert found == [("fr", "Français"), ("gcf", "Kréyòl gwadloupéyen")]
    languages.introduce(found)
    assert LANG_INFO.pop("gcf")["name_local"] == "Kréyòl gwadloupéyen"


@pytest.mark.parametrize("name", ["..", "français", "x", "br/../en", "LC_MESSAGES"])
def test_a_folder_that_is_no_language_is_left_out(tmp_path, name):
    place = tmp_path / name.replace("/", "_") / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    (place / "django.po").write_text(BRETON)
    assert languages.found(tmp_path) == [("fr", "Français")]


def test_a_file_that_cannot_be_read_is_left_out(tmp_path):
    place = tmp_path / "br" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.po").write_bytes(b'msgid "a\nmsgstr \xff')
    assert languages.found(tmp_path) == [("fr", "Français")]


def test_the_words_of_a_procedure_may_be_in_any_language():
    title = Text.of({"fr": "Acte", "en": "Certificate", "br": "Skrid"})
    assert [title.said(code) for code in ("fr", "en-gb", "br", "de", None)] == [
        "Acte",
        "Certificate",
        "Skrid",
        "Acte",
        "Acte",
    ]
    assert Text.of(title.raw()) == title
    with pytest.raises(TypeError):
        Text.of({"fr": "Acte", "pas une langue": "x"})
