"""The logo and the image of an authority: files beside its description or given on a page, kept in the data folder.

They are static files from the next start of the web server on, once `assets.collect` has given them their hashed
names. A logo given on a page shows at once: until then the portal serves it (`portal.views.appearance`).
"""

import hashlib
import io
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from etoile.design.theme import is_file_name, problems_of
from etoile.gru.access.models import Account, Authority
from etoile.gru.access.services import Refused
from etoile.gru.audit.services import differences, note

FILES = ("logo", "image")
LARGEST = 600 * 1024
LARGEST_UPLOAD = 4 * 1024 * 1024
# Twice what the largest place of a logo shows.
LOGO_SIDES = (480, 240)


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
    _write(target, source.read_bytes())


def _write(target: Path, content: bytes) -> None:
    """Whole or not at all, whenever the process is killed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.write_bytes(content)
    partial.replace(target)


def logo_of(upload: UploadedFile) -> bytes:
    """A logo drawn again as PNG, small, without what a camera or a program wrote into it. Raises ThemeFileError.

    SVG is not taken from a page: opened alone, it could run a script under the name of the town. A file may still be
    loaded by `gru load`, from the server."""
    if upload.size is None or upload.size > LARGEST_UPLOAD:
        raise ThemeFileError(_("Ce fichier est trop lourd : 4 Mo au plus."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=["PNG", "JPEG", "WEBP"]) as opened:
                picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, Warning, OSError, ValueError, SyntaxError):
        raise ThemeFileError(_("Ce fichier n’est pas une image PNG, JPEG ou WebP lisible.")) from None
    picture.thumbnail(LOGO_SIDES)
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


def keep_logo(authority: Authority, content: bytes) -> str:
    """Keep a logo under the name of its content; returns that name, as a theme says it."""
    name = f"{authority.slug}/{hashlib.sha256(content).hexdigest()[:20]}.png"
    _write(settings.THEMES_FOLDER / name, content)
    return name


@transaction.atomic
def change(authority: Authority, changed: Mapping[str, str], *, by: Account | None) -> None:
    """Some parts of the theme become these; an empty one is taken away. Raises `Refused`."""
    before = Authority.objects.select_for_update().only("pk", "theme").get(pk=authority.pk).theme
    kept = {name: value for name, value in {**before, **changed}.items() if value}
    if problems := problems_of(kept):
        raise Refused(problems)
    authority.theme = kept
    authority.save(update_fields=["theme"])
    was = {name: str(before.get(name, "")) for name in changed}
    if told := differences(was, {name: str(value) for name, value in changed.items()}):
        note("theme.changed", authority=authority.pk, by=by, detail=told)


def kept_file(name: str) -> Path | None:
    """A file of a theme, by the name a theme gives it; None when there is none, or when it is not such a name."""
    if not is_file_name(name):
        return None
    found: Path = settings.THEMES_FOLDER / name
    return found if found.is_file() else None
