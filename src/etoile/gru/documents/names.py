"""A file's name is the sender's: kept for people to recognise it, harmless wherever it is printed or written."""

import re
import unicodedata

from etoile.gru.documents.kinds import Kind

LONGEST = 120
_UNSAFE = re.compile(r"[^\w .,()'’+\-]", re.UNICODE)


def extension_of(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return extension.strip().lower() if dot and stem.strip() else ""


def sanitised(name: str, kind: Kind) -> str:
    """Without folders, control or direction characters; short; with an extension of its kind."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(character for character in base if unicodedata.category(character)[0] != "C")
    extension = extension_of(visible)
    stem = visible[: -len(extension) - 1] if extension else visible
    stem = re.sub(r"\s+", " ", _UNSAFE.sub("_", stem)).strip(" ._") or "document"
    return f"{stem[:LONGEST].rstrip(' .')}.{extension if extension in kind.extensions else kind.extensions[0]}"
