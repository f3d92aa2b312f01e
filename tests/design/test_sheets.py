"""The style sheets: light, without anything from elsewhere, respectful of what people ask of their browser."""

import re
from pathlib import Path

import brotli
import django_htmx
import pytest

from etoile import design

FOLDER = Path(design.__file__).parent
SHEETS = sorted((FOLDER / "static" / "design").glob("*.css"))
SCRIPTS = sorted((FOLDER / "static" / "design").glob("*.js"))
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
ALL = "\n".join(path.read_text() for path in SHEETS)


def test_all_the_style_weighs_less_than_25_kilobytes():
    assert sum(len(brotli.compress(path.read_bytes())) for path in SHEETS) <= 25_000


def test_all_the_javascript_weighs_less_than_20_kilobytes_and_calls_nobody():
    assert SCRIPTS
    # With htmx, which comes when one begins to fill a form in.
    assert sum(len(brotli.compress(path.read_bytes())) for path in (*SCRIPTS, HTMX)) <= 20_000
    for path in SCRIPTS:
        assert not re.search(r"https?://|import\(|eval\(|innerHTML", path.read_text()), path.name


def test_no_template_holds_a_script_or_a_style_of_its_own():
    for path in TEMPLATES:
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", path.read_text()), path.name


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_sheet_is_less_than_four_hundred_lines_and_loads_nothing(path):
    css = path.read_text()
    assert css.count("\n") < 400
    assert "@import" not in css and "url(" not in css and "@font-face" not in css
    assert css.count("{") == css.count("}")


@pytest.mark.exigence("A11Y-11")
def test_the_focus_is_never_taken_away_from_what_can_be_used():
    bare = [rule for rule in re.findall(r"([^{}]+)\{[^}]*outline: none", ALL) if "main" not in rule]
    assert bare == []


WISHES = ("prefers-color-scheme: dark", "prefers-contrast: more", "prefers-reduced-motion", "forced-colors", "print")


@pytest.mark.parametrize("wish", WISHES)
def test_what_people_ask_of_their_browser_is_heard(wish):
    assert wish in ALL


def test_movement_is_only_for_those_who_did_not_refuse_it():
    start = ALL.index("@media (prefers-reduced-motion: no-preference)")
    end = ALL.index("\n}\n", start)
    assert "transition:" in ALL[start:end] and "animation:" in ALL[start:end]
    assert not re.search(r"transition:|animation:|scroll-behavior", ALL[:start] + ALL[end:])


@pytest.mark.exigence("UX-01")
def test_the_identity_is_ours_and_not_the_state_s_but_for_the_button_of_franceconnect():
    for path in (*SHEETS, *TEMPLATES):
        ours = re.sub(r"--franceconnect(-over)?: #\w+;", "", path.read_text())
        assert not re.search(r"dsfr|marianne|\bfr-\w|#000091|#e1000f", ours, re.IGNORECASE), path.name


def test_every_class_of_the_templates_is_drawn():
    drawn = set(re.findall(r"\.([a-z][\w-]*)", ALL))
    used = set()
    for path in TEMPLATES:
        for value in re.findall(r'class="([^"]*)"', re.sub(r"\{[{%].*?[%}]\}", " ", path.read_text())):
            used.update(value.split())
    # Names made of a variable, and hooks that have no look of their own.
    assert sorted(name for name in used - drawn if not name.endswith("-")) == []
