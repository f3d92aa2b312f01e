"""Contrast (WCAG 2.2, 1.4.3 and 1.4.11), and the palette of a town made of its two colours.

The tokens of `foundation.css` are the palette of `DEFAULT_BRAND` and `DEFAULT_ACCENT`; a test compares them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from etoile.design.oklch import ColourError, Oklch, channels, distance, linear

TEXT_RATIO = 4.5
SHAPE_RATIO = 3.0
DEFAULT_BRAND, DEFAULT_ACCENT = "#0f5c6b", "#f2a93b"
WHITE, INK = "#ffffff", "#10191c"
# Lightness and chroma of the two grounds of a light page; their hue is the accent's, so that white is never cold.
PAPER, SUNKEN = (0.986, 0.006), (0.96, 0.011)


@dataclass(frozen=True, slots=True)
class Palette:
    """Tokens (name without `--` → `#rrggbb`) of light pages and of dark ones."""

    light: dict[str, str]
    dark: dict[str, str]


class PaletteRefused(ColourError):
    """One colour of a town is not readable. `nearest` is the closest one that is."""

    def __init__(self, colour: str, nearest: str, why: str) -> None:
        self.colour, self.nearest = colour, nearest
        super().__init__(f"La couleur {colour} {why} La plus proche qui convient est {nearest}.")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG's definition."""
    red, green, blue = (linear(channel) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (same) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palette(brand: str, accent: str = DEFAULT_ACCENT) -> Palette:
    """The tokens made of a town's two colours.

    `brand` fills buttons and draws what must be seen: 3:1 on the pages' ground, and 4.5:1 for the words on it.
    `accent` is a ground for small things: 4.5:1 for the words on it. Raises PaletteRefused, ColourError.
    """
    warm = Oklch.of(accent)
    _accepted(accent, _carries, "ne porte de texte lisible ni en blanc ni en noir.")
    _accepted(brand, _shows_on(warm), "ne se distingue pas assez du fond des pages, ou ne porte pas de texte lisible.")
    hue = Oklch.of(brand)
    return Palette(_light(hue, warm, brand, accent), _dark(hue, warm))


def readable(colour: Oklch, grounds: Iterable[str], ratio: float, *, step: float) -> str:
    """The colour made lighter (`step` > 0) or darker, as little as needed to reach `ratio` on each of these grounds."""
    grounds = tuple(grounds)
    shown = colour.hex()
    while min(contrast(shown, ground) for ground in grounds) < ratio and 0 < colour.lightness < 1:
        colour = colour.with_lightness(colour.lightness + step)
        shown = colour.hex()
    return shown


def on(ground: str) -> str:
    """White if it can be read on this ground, otherwise ink."""
    return WHITE if contrast(WHITE, ground) >= TEXT_RATIO else INK


def _carries(colour: str) -> bool:
    return contrast(on(colour), colour) >= TEXT_RATIO


def _shows_on(warm: Oklch) -> Callable[[str], bool]:
    sunken = warm.with_lightness(*SUNKEN).hex()
    return lambda colour: _carries(colour) and contrast(colour, sunken) >= SHAPE_RATIO


def _accepted(colour: str, passes: Callable[[str], bool], why: str) -> None:
    if passes(colour):
        return
    asked = Oklch.of(colour)
    tried = (asked.with_lightness(step / 200).hex() for step in range(201))
    raise PaletteRefused(colour, min(filter(passes, tried), key=lambda each: distance(colour, each)), why)


def _light(hue: Oklch, warm: Oklch, brand: str, accent: str) -> dict[str, str]:
    soft = hue.with_lightness(0.945, 0.026).hex()
    accent_soft = warm.with_lightness(0.955, 0.04).hex()
    grounds = (warm.with_lightness(*SUNKEN).hex(), soft)
    every = (*grounds, accent_soft)
    pressed = hue.with_lightness(max(hue.lightness - 0.08, 0.05)).hex()
    return {
        "paper": warm.with_lightness(*PAPER).hex(), "surface": WHITE, "sunken": grounds[0],
        "ink": hue.with_lightness(0.25, 0.022).hex(),
        "ink-soft": readable(hue.with_lightness(0.46, 0.02), every, TEXT_RATIO, step=-0.01),
        "line": warm.with_lightness(0.9, 0.012).hex(),
        "edge": readable(hue.with_lightness(0.6, 0.02), every, SHAPE_RATIO, step=-0.01),
        "brand": brand, "on-brand": on(brand),
        "brand-hover": pressed if contrast(on(brand), pressed) >= TEXT_RATIO else brand,
        "brand-strong": readable(hue.with_lightness(min(hue.lightness, 0.36)), every, TEXT_RATIO, step=-0.01),
        "brand-soft": soft,
        "deep": hue.with_lightness(0.29, 0.07).hex(), "on-deep": hue.with_lightness(0.97, 0.012).hex(),
        "link": readable(hue.with_lightness(min(hue.lightness, 0.46)), every, TEXT_RATIO, step=-0.01),
        "accent": accent, "on-accent": on(accent), "accent-soft": accent_soft,
        "accent-strong": readable(warm, every, TEXT_RATIO, step=-0.01),
        "focus": readable(warm.with_lightness(0.55, 0.16), every, SHAPE_RATIO, step=-0.01),
        "scene-sky": hue.with_lightness(0.935, 0.035).hex(), "scene-far": hue.with_lightness(0.87, 0.05).hex(),
        "scene-mid": hue.with_lightness(0.76, 0.07).hex(), "scene-near": hue.with_lightness(0.6, 0.08).hex(),
        "scene-wall": WHITE, "scene-light": hue.with_lightness(0.45, 0.07).hex(),
    }  # fmt: skip


def _dark(hue: Oklch, warm: Oklch) -> dict[str, str]:
    surface, soft = hue.with_lightness(0.255, 0.02).hex(), hue.with_lightness(0.33, 0.045).hex()
    accent_soft = warm.with_lightness(0.32, 0.05).hex()
    grounds, every = (surface, soft), (surface, soft, accent_soft)
    bright = readable(warm.with_lightness(max(warm.lightness, 0.8), 0.14), every, TEXT_RATIO, step=0.01)
    return {
        "paper": hue.with_lightness(0.205, 0.018).hex(), "surface": surface,
        "sunken": hue.with_lightness(0.17, 0.016).hex(),
        "ink": hue.with_lightness(0.955, 0.008).hex(),
        "ink-soft": readable(hue.with_lightness(0.79, 0.018), every, TEXT_RATIO, step=0.01),
        "line": hue.with_lightness(0.36, 0.022).hex(),
        "edge": readable(hue.with_lightness(0.62, 0.022), every, SHAPE_RATIO, step=0.01),
        "brand": readable(hue.with_lightness(0.8, 0.095), grounds, TEXT_RATIO, step=0.01),
        "on-brand": hue.with_lightness(0.2, 0.04).hex(),
        "brand-hover": hue.with_lightness(0.88, 0.08).hex(),
        "brand-strong": readable(hue.with_lightness(0.89, 0.07), every, TEXT_RATIO, step=0.01),
        "brand-soft": soft,
        "deep": hue.with_lightness(0.15, 0.018).hex(), "on-deep": hue.with_lightness(0.94, 0.01).hex(),
        "link": readable(hue.with_lightness(0.84, 0.09), every, TEXT_RATIO, step=0.01),
        "accent": bright, "on-accent": INK, "accent-soft": accent_soft, "accent-strong": bright,
        "focus": bright,
        "scene-sky": hue.with_lightness(0.25, 0.05).hex(), "scene-far": hue.with_lightness(0.32, 0.055).hex(),
        "scene-mid": hue.with_lightness(0.27, 0.045).hex(), "scene-near": hue.with_lightness(0.22, 0.03).hex(),
        "scene-wall": hue.with_lightness(0.4, 0.04).hex(), "scene-light": warm.with_lightness(0.85, 0.13).hex(),
    }  # fmt: skip
