"""A copy of a file that says for whom it was made: written across it, again and again, hard to take out.

For documents that someone else could use: an identity document copied out of a case tells where it came from. The file
kept is never touched.
"""

import io
import json
import warnings
from functools import cache
from pathlib import Path
from typing import Literal

import pypdf
import structlog
import typst
from PIL import Image, ImageOps

from etoile.gru.documents.models import Document
from etoile.gru.documents.places import place_of

log = structlog.get_logger("etoile.documents")

# Beyond, a copy would hold a process for long: the file is given as it is, and the log says so.
HEAVIEST = 20 * 1024 * 1024
MOST_PAGES = 20
LONGEST_SIDE = 2400
_SHEET = Path(__file__).parent / "watermark.typ"


class Unmarkable(Exception):
    """The file is of a kind, of a size or in a state that is not drawn upon."""


def marked(document: Document, words: str) -> bytes:
    """The same kind of file, with `words` across it. Raises `Unmarkable`."""
    if document.size > HEAVIEST:
        raise Unmarkable("too heavy")
    content = place_of(document.id).read_bytes()
    try:
        if document.media_type == "application/pdf":
            return _pdf(content, words)
        if document.media_type in ("image/jpeg", "image/png"):
            return _picture(content, words)
    except (
        OSError,
        ValueError,
        SyntaxError,
        pypdf.errors.PyPdfError,
        Image.DecompressionBombError,
        typst.TypstError,
    ) as error:
        log.warning("watermark_failed", document=str(document.id), error=type(error).__name__)
        raise Unmarkable("damaged") from error
    raise Unmarkable("of another kind")


def _picture(content: bytes, words: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as opened:
            kind = opened.format or "JPEG"
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = ImageOps.exif_transpose(opened)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    base = picture.convert("RGBA")
    base.alpha_composite(_veil(base.size, words))
    made = io.BytesIO()
    base.convert("RGB").save(made, kind, quality=85)
    return made.getvalue()


def _veil(size: tuple[int, int], words: str) -> Image.Image:
    """Drawn by the same sheet as on a PDF, a point for a dot: its fonts have every accent."""
    drawn = _sheet(size[0], size[1], words, "png", ppi=72)
    return Image.open(io.BytesIO(drawn)).convert("RGBA").resize(size)


def _pdf(content: bytes, words: str) -> bytes:
    read = pypdf.PdfReader(io.BytesIO(content))
    if read.is_encrypted or len(read.pages) > MOST_PAGES:
        raise Unmarkable("closed, or too long")
    written = pypdf.PdfWriter(clone_from=read)
    # Most files have one size of page: its sheet is laid out once.
    sheet_of = cache(lambda width, height: _sheet(width, height, words, "pdf"))
    for page in written.pages:
        sheet = sheet_of(float(page.mediabox.width), float(page.mediabox.height))
        over = pypdf.PdfReader(io.BytesIO(sheet)).pages[0]
        moved = pypdf.Transformation().translate(float(page.mediabox.left), float(page.mediabox.bottom))
        page.merge_transformed_page(over, moved)
    made = io.BytesIO()
    written.write(made)
    return made.getvalue()


def _sheet(width: float, height: float, words: str, kind: Literal["pdf", "png"], ppi: float | None = None) -> bytes:
    """Nothing but the words, on nothing."""
    data = json.dumps({"words": words, "width": width, "height": height})
    return typst.compile(_SHEET.read_bytes(), format=kind, ppi=ppi, sys_inputs={"data": data}, ignore_system_fonts=True)
