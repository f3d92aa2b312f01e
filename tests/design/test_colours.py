"""Every pair of colours a page may show is readable, in light and in dark; a town's colour is, or it is refused."""

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etoile.design import colours
from etoile.design.colours import DEFAULT_ACCENT, DEFAULT_BRAND, PaletteRefused, contrast, palette
from etoile.design.oklch import ColourError, Oklch, distance

SHEETS = Path(colours.__file__).parent / "static" / "design"
FOUNDATION = (SHEETS / "foundation.css").read_text()
GROUNDS = ("paper", "surface", "sunken")


def tokens(css):
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


LIGHT = tokens(FOUNDATION.split("@media (prefers-color-scheme: dark)")[0])
DARK = LIGHT | tokens(FOUNDATION.split("@media (prefers-color-scheme: dark)")[1].split("/* Tokens without colour")[0])
THEMES = {"light": LIGHT, "dark": DARK}

# What is written on what (4.5:1).
TEXTS = [
    *product(("ink", "ink-soft", "link", "brand-strong", "danger", "accent-strong"), GROUNDS),
    *product(("ink", "ink-soft", "brand-strong", "link", "accent-strong"), ("brand-soft", "accent-soft")),
    *product(("on-brand",), ("brand", "brand-hover")),
    ("on-accent", "accent"),
    ("on-deep", "deep"),
    ("ink", "scene-sky"),
    ("ink-soft", "scene-sky"),
    *(("ink", f"{tone}-soft") for tone in ("success", "warning", "danger", "info")),
    *((tone, f"{tone}-soft") for tone in ("success", "warning", "danger", "info")),
    ("ink-soft", "success-soft"),
    ("ink-soft", "info-soft"),
    ("link", "info-soft"),
    ("danger", "danger-soft"),
]
# What has to be seen to understand or to use (3:1).
SHAPES = [
    *product(("edge", "focus", "brand", "danger", "accent-strong"), GROUNDS),
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
    dark = tokens(FOUNDATION.split("@media (prefers-color-scheme: dark)")[1].split("/* Tokens without colour")[0])
    assert set(light) == set(dark)


def test_colours_are_named_in_one_place_only():
    others = [path for path in SHEETS.glob("*.css") if path.name != "foundation.css"]
    bare = re.compile(r"#(?!000\b)[0-9a-fA-F]{3,8}\b(?![^{}]*\{)|rgb\(|hsl\(")
    assert [path.name for path in others if bare.search(path.read_text())] == []


def test_known_contrasts():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


def test_the_sheet_holds_the_palette_of_the_default_colours():
    default = palette(DEFAULT_BRAND, DEFAULT_ACCENT)
    assert {name: LIGHT[name] for name in default.light} == default.light
    assert {name: DARK[name] for name in default.dark} == default.dark


COLOUR = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@pytest.mark.exigence("A11Y-13")
@settings(max_examples=60, deadline=None)
@given(COLOUR, COLOUR)
def test_any_two_colours_of_a_town_are_readable_everywhere_or_refused_with_the_nearest(brand, accent):
    try:
        own = palette(brand, accent)
    except PaletteRefused as refusal:
        assert refusal.nearest in str(refusal)
        assert distance(refusal.nearest, refusal.colour) < distance("#000000", refusal.colour) + 0.01
        pair = (refusal.nearest, accent) if refusal.colour == brand else (brand, refusal.nearest)
        try:
            own = palette(*pair)
        except PaletteRefused as other:
            assert other.colour not in pair or other.colour != refusal.nearest
            return
    for shown, theme in ((LIGHT | own.light, "light"), (DARK | own.dark, "dark")):
        for front, ground in TEXTS:
            assert contrast(shown[front], shown[ground]) >= 4.5, (theme, front, ground)
        for front, ground in SHAPES:
            assert contrast(shown[front], shown[ground]) >= 3, (theme, front, ground)


# Towns one can imagine: their two colours, from the palest to the darkest, from a red to a violet.
TOWNS = {
    "river": ("#0f5c6b", "#f2a93b"),
    "vineyard": ("#7a1f3d", "#d9a441"),
    "forest": ("#14532d", "#ffd100"),
    "harbour": ("#1d3f8f", "#e4572e"),
    "lavender": ("#5b3a8c", "#b8d8a8"),
    "brick": ("#9c3d1e", "#2f6f73"),
    "slate": ("#2b2f36", "#c2c7cf"),
}


@pytest.mark.exigence("A11Y-13")
@pytest.mark.parametrize("side", ["light", "dark"])
@pytest.mark.parametrize("town", TOWNS)
def test_each_example_town_is_readable_by_day_and_by_night(town, side):
    own = getattr(palette(*TOWNS[town]), side)
    shown = THEMES[side] | own
    assert [pair for pair in TEXTS if contrast(shown[pair[0]], shown[pair[1]]) < colours.TEXT_RATIO] == []
    assert [pair for pair in SHAPES if contrast(shown[pair[0]], shown[pair[1]]) < colours.SHAPE_RATIO] == []


@given(COLOUR)
def test_a_colour_comes_back_from_oklch_as_it_went(colour):
    assert distance(Oklch.of(colour).hex(), colour) < 0.005


@given(COLOUR, st.floats(0.1, 0.98))
def test_another_lightness_keeps_the_hue_that_a_screen_can_show(colour, lightness):
    made = Oklch.of(Oklch.of(colour).with_lightness(lightness).hex())
    assert abs(made.lightness - lightness) < 0.02


def test_a_pale_yellow_is_refused_as_first_colour_and_welcome_as_second():
    with pytest.raises(PaletteRefused) as refusal:
        palette("#ffd100")
    assert contrast(refusal.value.nearest, "#ffffff") >= 3
    assert palette("#14532d", "#ffd100").light["accent"] == "#ffd100"


@pytest.mark.parametrize("colour", ["", "teal", "#12", "#12345g", "#1234567", "url(x)"])
def test_what_is_no_colour_is_refused_in_words(colour):
    with pytest.raises(ColourError, match="n’est pas une couleur"):
        palette(colour)
