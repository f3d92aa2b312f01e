"""The logo and the image of an authority: files beside its description, kept in the data folder, served as static.

They are seen at the next start of the web server, once `assets.collect` has given them their hashed names.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

FILES = ("logo", "image")
LARGEST = 600 * 1024


class ThemeFileError(Exception):
    """A file that cannot be taken; the sentence is for an administrator."""


def keep_theme_files(theme: Mapping[str, Any], *, folder: Path, slug: str) -> dict[str, Any]:
    """Copy what `theme` names, from `folder`; returns it with the names of what is kept. Raises ThemeFileError."""
    kept = dict(theme)
    for name in FILES:
        if theme.get(name):
            source = folder / str(theme[name])
            _copy(source, settings.THEMES_FOLDER / slug / source.name)
            kept[name] = f"{slug}/{source.name}"
    return kept


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise ThemeFileError(f"{source} n’existe pas")
    if source.stat().st_size > LARGEST:
        raise ThemeFileError(f"{source.name} dépasse {LARGEST // 1024} ko : réduisez-le, chaque page le montre")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    shutil.copyfile(source, partial)
    partial.replace(target)
