"""Text typed by someone, made fit to be kept: the database refuses NUL, UTF-8 refuses half a character."""

import unicodedata
import uuid
from collections.abc import Iterable

_REFUSED = {"Cc", "Cs"}


def readable(text: str) -> str:
    """Without control characters (line ends and tabs stay) nor lone surrogates, trimmed."""
    kept = (each for each in text.replace("\r\n", "\n") if each in "\n\t" or unicodedata.category(each) not in _REFUSED)
    return "".join(kept).strip()


def identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def identifiers(texts: Iterable[str]) -> list[uuid.UUID]:
    """In their order; what is no identifier is left out."""
    return [found for found in map(identifier, texts) if found is not None]
