"""Every pair of colours a page may show is readable, in light and in dark; a town's colour is, or it is refused."""

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.design import colours
from etoile.design.colours import ColourError, contrast, palette

SHEETS = Path(colours.__file__).parent / "static" / "design"
FOUNDATION = (SHEETS / "foundation.css").read_text()
GROUNDS = ("paper", "surface", "sunken")


def tokens(css):
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


LIGHT = tokens(FOUNDATION.split("@media (prefers-color-scheme: dark)")[0])
DARK = LIGHT | tokens(FOUNDATION.split("@media (prefers-color-scheme: dark)")[1].split("@media (prefers-contrast")[0])
THEMES = {"light": LIGHT, "dark": DARK}

# What is written on what (4.5:1).
TEXTS = [
    *product(("ink", "ink-soft", "link", "brand-strong", "danger"), GROUNDS),
    *product(("ink", "ink-soft", "brand-strong", "link"), ("brand-soft",)),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("brand", "surface"),
    *(("ink", f"{tone}-soft") for tone in ("success", "warning", "danger", "info")),
    *((tone, f"{tone}-soft") for tone in ("success", "warning", "danger", "info")),
    ("ink-soft", "success-soft"),
    ("ink-soft", "info-soft"),
]
# What has to be seen to understand or to use (3:1).
SHAPES = [
    *product(("edge", "focus", "brand", "danger", "accent"), GROUNDS),
    ("edge", "brand-soft"),
    ("focus", "brand-soft"),
    *((tone, ground) for tone in ("success", "warning", "info") for ground in GROUNDS),
]


@pytest.mark.exigence("A11Y-13")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), TEXTS)
def test_text_is_readable(theme, front, ground):
    assert contrast(THEMES[theme][front], THEMES[theme][ground]) >= colours.TEXT_RATIO


@pytest.mark.exigence("A11Y-13")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), SHAPES)
def test_borders_focus_and_marks_are_seen(theme, front, ground):
    assert contrast(THEMES[theme][front], THEMES[theme][ground]) >= colours.SHAPE_RATIO


def test_dark_redefines_every_colour():
    light = tokens(FOUNDATION.split("@media (prefers-color-scheme: dark)")[0])
    dark = tokens(FOUNDATION.split("@media (prefers-color-scheme: dark)")[1].split("@media (prefers-contrast")[0])
    assert set(light) == set(dark)


def test_colours_are_named_in_one_place_only():
    others = [path for path in SHEETS.glob("*.css") if path.name != "foundation.css"]
    bare = re.compile(r"#(?!000\b)[0-9a-fA-F]{3,8}\b(?![^{}]*\{)|rgb\(|hsl\(")
    assert [path.name for path in others if bare.search(path.read_text())] == []


def test_known_contrasts():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_any_colour_of_a_town_is_readable_everywhere_or_refused(colour):
    try:
        light, dark = palette(colour)
    except ColourError as error:
        assert "plus foncée" in str(error)
        return
    for own, theme in ((LIGHT | light, "light"), (DARK | dark, "dark")):
        assert contrast(own["on-brand"], own["brand"]) >= 4.5, theme
        assert contrast(own["on-brand"], own["brand-strong"]) >= 4.5, theme
        for ground in (*GROUNDS, "brand-soft"):
            assert contrast(own["link"], own[ground]) >= 4.5, (theme, ground)
            assert contrast(own["brand-strong"], own[ground]) >= 4.5, (theme, ground)
            assert contrast(own["ink"], own[ground]) >= 4.5, (theme, ground)


@pytest.mark.parametrize("colour", ["", "teal", "#12", "#12345g", "#1234567", "url(x)"])
def test_what_is_no_colour_is_refused_in_words(colour):
    with pytest.raises(ColourError, match="n’est pas une couleur"):
        palette(colour)
