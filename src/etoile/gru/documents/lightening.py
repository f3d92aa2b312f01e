"""Photos of a telephone made lighter when the person asks for it: still readable, turned upright, and without what a
telephone writes into them (place, device)."""

import io
import warnings
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

KINDS = ("jpeg", "png")
# Enough to read a page of A4 photographed whole (170 points an inch).
LONGEST_SIDE = 2000
QUALITY = 82
# What is taken before it is made lighter: the photo of any telephone, not a picture made to fill the memory.
HEAVIEST = 40 * 1024 * 1024
MOST_PIXELS = 120_000_000


class CannotLighten(Exception):
    """The picture is damaged, or too large to be opened. In words for the sender."""


@dataclass(frozen=True, slots=True)
class Lighter:
    upload: UploadedFile
    kind: str


def lighter(upload: UploadedFile, kind: str) -> Lighter | None:
    """The same picture, smaller; None when it would not be. A PNG without transparency becomes a JPEG."""
    try:
        content, found = _redrawn(upload)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise CannotLighten(
            _("Cette photo ne peut pas être allégée : elle est abîmée ou trop grande. Joignez-en une autre.")
        ) from error
    finally:
        upload.seek(0)
    size = len(content.getvalue())
    if upload.size is not None and size >= upload.size:
        return None
    name = upload.name or ""
    if found != kind:
        name = name.rpartition(".")[0] + ".jpg"
    return Lighter(InMemoryUploadedFile(content, None, name, f"image/{found}", size, None), found)


def _redrawn(upload: IO[Any] | UploadedFile) -> tuple[io.BytesIO, str]:
    upload.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(upload, formats=["JPEG", "PNG"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError("too many points")
            # A JPEG is read at the size wanted: a photo of 48 million points costs what one of six does.
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(opened)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    content = io.BytesIO()
    kind = "png" if picture.has_transparency_data else "jpeg"
    if kind == "png":
        picture.save(content, "PNG", optimize=True)
    else:
        picture.convert("RGB").save(content, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    content.seek(0)
    return content, kind
