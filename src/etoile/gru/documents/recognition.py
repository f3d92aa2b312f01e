"""What a file really is, by its content. Our own marks decide; puremagic must not see another, dangerous type in it."""

import zipfile
from collections.abc import Callable
from typing import IO, Any

import puremagic
from django.utils.translation import gettext as _

from etoile.gru.documents.kinds import KINDS
from etoile.gru.documents.names import extension_of

HEAD = 8192
TAIL = 2048
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
# Office files are zip archives: what they declare inside, and what a macro or an embedded program would add.
_DOCX_PART = "word/document.xml"
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"
_ACTIVE_PARTS = ("vbaproject.bin", "activex", "basic/", "scripts/", "oleobject")
_MOST_ENTRIES, _LARGEST_INSIDE = 5_000, 500 * 1024 * 1024


class Unrecognised(Exception):
    """The content is none of the known kinds, or says something else than the name. In words for the sender."""


def kind_of(file: IO[Any], name: str) -> str:
    """The name of the kind in `KINDS`. The position in the file is left anywhere."""
    file.seek(0)
    head = file.read(HEAD)
    if _is_markup(head):
        raise Unrecognised(_("Ce fichier contient une page ou un dessin qui peut exécuter du code."))
    found = next((kind for kind, test in _TESTS.items() if test(head, file)), None)
    if found is None:
        raise Unrecognised(_("Le contenu de ce fichier n’est pas d’un type connu, ou le fichier est abîmé."))
    extension = extension_of(name)
    if extension and extension not in KINDS[found].extensions:
        raise Unrecognised(
            _("Le nom du fichier dit « %(extension)s » mais son contenu est %(kind)s.")
            % {"extension": extension[:10], "kind": KINDS[found].words}
        )
    if found in ("jpeg", "png", "pdf", "heic"):
        _refuse_second_nature(head, file)
    return found


def _pdf(head: bytes, file: IO[Any]) -> bool:
    if not head.startswith(b"%PDF-"):
        return False
    file.seek(0, 2)
    file.seek(max(0, file.tell() - TAIL))
    return b"%%EOF" in file.read(TAIL)


def _jpeg(head: bytes, file: IO[Any]) -> bool:
    return head.startswith(b"\xff\xd8\xff")


def _png(head: bytes, file: IO[Any]) -> bool:
    return head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR"


def _heic(head: bytes, file: IO[Any]) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS


def _docx(head: bytes, file: IO[Any]) -> bool:
    names = _entries(head, file)
    return _DOCX_PART in names and "[content_types].xml" in names


def _odt(head: bytes, file: IO[Any]) -> bool:
    return b"mimetype" + _ODT_TYPE in head[:200] and "content.xml" in _entries(head, file)


_TESTS: dict[str, Callable[[bytes, IO[Any]], bool]] = {
    "pdf": _pdf, "jpeg": _jpeg, "png": _png, "heic": _heic, "odt": _odt, "docx": _docx,
}  # fmt: skip


def _entries(head: bytes, file: IO[Any]) -> set[str]:
    """Names inside the archive, lower-cased; empty when it is no archive, is a bomb, or carries macros."""
    if not head.startswith(b"PK\x03\x04"):
        return set()
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            inside = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return set()
    names = {entry.filename.lower() for entry in inside}
    too_much = len(inside) > _MOST_ENTRIES or sum(entry.file_size for entry in inside) > _LARGEST_INSIDE
    active = any(part in name for name in names for part in _ACTIVE_PARTS)
    return set() if too_much or active else names


def _is_archive(file: IO[Any]) -> bool:
    """Opened as one, rather than by its mark: four bytes may stand by chance in a picture."""
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _is_markup(head: bytes) -> bool:
    """HTML, SVG and XML in any dress: byte-order marks, UTF-16, spaces or comments before the first tag."""
    text = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x0c").lower()
    return text.startswith((b"<", b"&lt;")) or any(
        mark in text[:1024] for mark in (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml")
    )


def _refuse_second_nature(head: bytes, file: IO[Any]) -> None:
    """A polyglot: an image or a PDF that is also an archive (end of a zip) or that puremagic takes for a program."""
    if _is_archive(file):
        raise Unrecognised(_("Ce fichier cache une archive."))
    try:
        seen = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        seen = set()
    if seen & {"text/html", "image/svg+xml", "application/x-dosexec", "application/x-msdownload", "application/zip"}:
        raise Unrecognised(_("Ce fichier est aussi d’un autre type, qui n’est pas accepté."))
