"""The families of files that may be given, and the proof that a content belongs to one: never the sender's word."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """`extensions`: those a name may carry; the first is the one given when a name has none."""

    name: str
    media_type: str
    extensions: tuple[str, ...]
    words: str


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",), "PDF"),
        Kind("jpeg", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "JPEG"),
        Kind("png", "image/png", ("png",), "PNG"),
        Kind("heic", "image/heic", ("heic", "heif"), "HEIC"),
        Kind(
            "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",), "Word (docx)"
        ),
        Kind("odt", "application/vnd.oasis.opendocument.text", ("odt",), "OpenDocument (odt)"),
    )
}
# What may be joined to a request outside of its questions: the families, and the size of each file in bytes.
JOINED = ("pdf", "jpeg", "png", "heic", "docx", "odt")
JOINED_SIZE = 10 * 1024 * 1024


def accepted_words(accept: Sequence[str]) -> str:
    return ", ".join(KINDS[name].words for name in accept if name in KINDS)


def accepted_extensions(accept: Sequence[str]) -> tuple[str, ...]:
    """For the `accept` attribute of the file control: `.pdf`, `.jpg`…"""
    return tuple(f".{extension}" for name in accept if name in KINDS for extension in KINDS[name].extensions)
