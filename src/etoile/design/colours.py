"""Colours and their contrast (WCAG 2.2, 1.4.3 and 1.4.11).

The tokens are tested with it, and a town's colour that would not be readable is refused with it.
"""

import colorsys
import re

TEXT_RATIO = 4.5
SHAPE_RATIO = 3.0

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
    _, lightness, _ = colorsys.rgb_to_hls(*channels(brand))
    light = {
        "brand": brand,
        "brand-strong": with_lightness(brand, lightness * 0.7),
        "brand-soft": with_lightness(brand, 0.93, 0.45),
        "on-brand": "#ffffff",
        "link": brand,
    }
    dark = {
        "brand": with_lightness(brand, 0.76, 0.6),
        "brand-strong": with_lightness(brand, 0.86, 0.6),
        "brand-soft": with_lightness(brand, 0.17, 0.4),
        "on-brand": with_lightness(brand, 0.08, 0.6),
        "link": with_lightness(brand, 0.78, 0.6),
    }
    return light, dark
