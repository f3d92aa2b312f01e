"""A town's theme: a logo, two colours, one image. Read from its record, never trusted: what is wrong shows the default.

    theme: {colour: "#0f5c6b", accent: "#f2a93b", logo: my-town/logo.svg, image: my-town/photo.webp}

Logo and image are names under the static folder `themes/`: they get hashed names and a long life as every style sheet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage

from etoile.design.colours import DEFAULT_ACCENT, DEFAULT_BRAND, Palette, palette
from etoile.design.oklch import ColourError

_FILE = re.compile(r"[\w-]+(?:/[\w-]+)*\.(?:svg|png|jpe?g|webp|avif)", re.ASCII)
FOLDER = "themes"
# Where a product serves what is not collected yet among its static files: a logo that was given on a page.
UNCOLLECTED = "/apparence/"


@dataclass(frozen=True, slots=True)
class Theme:
    """What the pages of one town look like. `logo` and `image` are addresses, empty when there is none."""

    palette: Palette | None = None
    logo: str = ""
    image: str = ""


def theme_of(record: object) -> Theme:
    """The theme a record asks for; each part that cannot be used is left out."""
    if not isinstance(record, Mapping):
        return Theme()
    return Theme(_palette_of(record), _address(record.get("logo")), _address(record.get("image")))


def problems_of(record: Mapping[str, Any]) -> list[str]:
    """What is wrong with a theme, in sentences for an administrator; a colour is refused with the nearest one."""
    found = [
        f"{name} : « {record[name]} » n’est pas le nom d’une image (lettres sans accent, chiffres, - et _, puis .svg,"
        " .png, .jpg, .webp ou .avif)."
        for name in ("logo", "image")
        if record.get(name) and not _FILE.fullmatch(str(record[name]))
    ]
    try:
        palette(str(record.get("colour") or DEFAULT_BRAND), str(record.get("accent") or DEFAULT_ACCENT))
    except ColourError as error:
        found.append(str(error))
    return found


def _palette_of(record: Mapping[str, Any]) -> Palette | None:
    brand, accent = record.get("colour"), record.get("accent")
    if not brand and not accent:
        return None
    try:
        return palette(str(brand or DEFAULT_BRAND), str(accent or DEFAULT_ACCENT))
    except ColourError:
        return None


def is_file_name(name: object) -> bool:
    """Whether a theme may name a file so: it never leaves its folder."""
    return isinstance(name, str) and _FILE.fullmatch(name) is not None


def _address(name: object) -> str:
    if not is_file_name(name):
        return ""
    try:
        return str(staticfiles_storage.url(f"{FOLDER}/{name}"))
    except ValueError:
        return f"{UNCOLLECTED}{name}"
