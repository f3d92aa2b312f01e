"""Colours and their contrast (WCAG 2.2, 1.4.3 and 1.4.11).

The tokens are tested with it, and a town's colour that would not be readable is refused with it.
"""

import colorsys
import re

TEXT_RATIO = 4.5
SHAPE_RATIO = 3.0
# The grounds of foundation.css on which text is hardest to read.
DARKEST_LIGHT_GROUND, LIGHTEST_DARK_GROUND = "#f1eee5", "#192327"

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class ColourError(ValueError):
    """The colour cannot be understood, or no readable page can be made of it; the sentence is for an administrator."""


def channels(colour: str) -> tuple[float, float, float]:
    """`#rrggbb` as three numbers from 0 to 1."""
    if not _HEX.fullmatch(colour):
        raise ColourError(f"« {colour} » n’est pas une couleur de la forme #1a2b3c.")
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG's definition."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (same) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def with_lightness(colour: str, lightness: float, saturation: float | None = None) -> str:
    """The same hue, lighter or darker: lightness and saturation from 0 to 1 (HLS)."""
    hue, _, own = colorsys.rgb_to_hls(*channels(colour))
    rgb = colorsys.hls_to_rgb(hue, lightness, own if saturation is None else min(saturation, own))
    return "#" + "".join(f"{round(c * 255):02x}" for c in rgb)


def palette(brand: str) -> tuple[dict[str, str], dict[str, str]]:
    """The brand tokens made of a town's one colour, for light pages and for dark ones.

    Raises ColourError when white text on the colour would not reach 4.5:1.
    """
    ratio = contrast(brand, "#ffffff")
    if ratio < TEXT_RATIO:
        raise ColourError(
            f"La couleur {brand} est trop claire : le texte blanc posé dessus a un contraste de {ratio:.1f} "
            f"pour {TEXT_RATIO} au moins. Choisissez une teinte plus foncée."
        )
    soft, dark_soft = with_lightness(brand, 0.93, 0.45), with_lightness(brand, 0.17, 0.4)
    lightness = colorsys.rgb_to_hls(*channels(brand))[1]
    light = {
        "brand": brand,
        "brand-strong": _readable(with_lightness(brand, lightness * 0.7), (DARKEST_LIGHT_GROUND, soft), step=-0.02),
        "brand-soft": soft,
        "on-brand": "#ffffff",
        "link": _readable(brand, (DARKEST_LIGHT_GROUND, soft), step=-0.02),
    }
    dark_grounds = (LIGHTEST_DARK_GROUND, dark_soft)
    dark = {
        "brand": _readable(with_lightness(brand, 0.76, 0.6), dark_grounds, step=0.02),
        "brand-strong": _readable(with_lightness(brand, 0.86, 0.6), dark_grounds, step=0.02),
        "brand-soft": dark_soft,
        "on-brand": with_lightness(brand, 0.08, 0.6),
        "link": _readable(with_lightness(brand, 0.78, 0.6), dark_grounds, step=0.02),
    }
    return light, dark


def _readable(colour: str, grounds: tuple[str, ...], *, step: float) -> str:
    """The colour made darker or lighter, as little as needed to be read on each of these grounds."""
    while min(contrast(colour, ground) for ground in grounds) < TEXT_RATIO:
        lightness = colorsys.rgb_to_hls(*channels(colour))[1] + step
        if not 0 <= lightness <= 1:
            break
        colour = with_lightness(colour, lightness)
    return colour
