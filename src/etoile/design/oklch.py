"""Colours as the eye sees them: OKLCH (lightness, chroma, hue), after Björn Ottosson's OKLab, to and from `#rrggbb`.

Lightness from 0 to 1, chroma from 0 to about 0.37, hue in degrees. Two colours of the same lightness look equally light
whatever their hue, which HLS does not promise.
"""

import math
import re
from dataclasses import dataclass, replace

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class ColourError(ValueError):
    """What was given is not a colour, or no readable page can be made of it; the sentence is for an administrator."""


def channels(colour: str) -> tuple[float, float, float]:
    """`#rrggbb` as three numbers from 0 to 1."""
    if not _HEX.fullmatch(colour):
        raise ColourError(f"« {colour} » n’est pas une couleur de la forme #1a2b3c.")
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def linear(channel: float) -> float:
    """A channel of sRGB as light."""
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _encoded(light: float) -> float:
    return 12.92 * light if light <= 0.0031308 else float(1.055 * light ** (1 / 2.4) - 0.055)


@dataclass(frozen=True, slots=True)
class Oklch:
    lightness: float
    chroma: float
    hue: float

    @classmethod
    def of(cls, colour: str) -> "Oklch":
        """Raises ColourError."""
        red, green, blue = (linear(channel) for channel in channels(colour))
        long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
        a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
        b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
        return cls(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)

    def with_lightness(self, lightness: float, chroma: float | None = None) -> "Oklch":
        """The same hue at another lightness; `chroma` is a ceiling, never an addition."""
        return replace(self, lightness=lightness, chroma=self.chroma if chroma is None else min(chroma, self.chroma))

    def hex(self) -> str:
        """`#rrggbb`; what a screen cannot show loses chroma until it can, and keeps lightness and hue."""
        lightness, chroma = min(max(self.lightness, 0.0), 1.0), self.chroma
        if not _shown(self._light(lightness, chroma)):
            lowest, highest = 0.0, chroma
            for _ in range(20):
                chroma = (lowest + highest) / 2
                if _shown(self._light(lightness, chroma)):
                    lowest = chroma
                else:
                    highest = chroma
            chroma = lowest
        found = (round(_encoded(min(max(part, 0.0), 1.0)) * 255) for part in self._light(lightness, chroma))
        return "#" + "".join(f"{part:02x}" for part in found)

    def _light(self, lightness: float, chroma: float) -> tuple[float, float, float]:
        a, b = chroma * math.cos(math.radians(self.hue)), chroma * math.sin(math.radians(self.hue))
        long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        return (
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        )


def _shown(light: tuple[float, float, float]) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in light)


def distance(one: str, other: str) -> float:
    """How far apart two colours look: Euclidean in OKLab, 0 for the same, about 1 from black to white."""
    first, second = Oklch.of(one), Oklch.of(other)
    angle = math.radians(first.hue - second.hue)
    across = first.chroma**2 + second.chroma**2 - 2 * first.chroma * second.chroma * math.cos(angle)
    return math.hypot(first.lightness - second.lightness, math.sqrt(max(across, 0.0)))
