"""Reading a day and an hour as people write them."""

import re
import unicodedata
from datetime import date, time
from typing import Any

from babel import Locale

from etoile.gru.forms.fields.base import cleaned_text

_WRITTEN = re.compile(r"([0-9]{1,2})(?:er|ER)?[/. -]([0-9]{1,2}|[^\W\d_]+\.?)[/. -]([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])\s*(?:[:hH]\s*([0-5][0-9])?)(?::[0-5][0-9])?")


def _bare(word: str) -> str:
    split = unicodedata.normalize("NFD", word.lower().rstrip("."))
    return "".join(sign for sign in split if not unicodedata.combining(sign))


_MONTHS = {
    _bare(word): number
    for language in ("en", "fr")
    for width in ("abbreviated", "wide")
    for number, word in Locale(language).months["format"][width].items()
}


def written(text: str) -> str | None:
    """ISO 8601 of `24/08/1962`, `24 8 1962`, `1er août 1962`, `1962-08-24`; None when it is no day."""
    found = _WRITTEN.fullmatch(text)
    if found:
        return of_pieces(*found.groups())
    return text if day_of(text) else None


def of_pieces(day: str, month: str, year: str) -> str | None:
    month = str(_MONTHS.get(_bare(month), month))
    if not all(piece.isascii() and piece.isdigit() for piece in (year, month, day)) or len(year) != 4:
        return None
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def day_of(value: Any) -> date | None:
    """The day of an ISO text, from year 1000 on."""
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.year >= 1000 else None


def clock(raw: Any) -> str:
    """`14:00`, from `14h`, `14 h 00`, `14:00:00`; what cannot be read stays as typed."""
    text = cleaned_text(raw)
    if text is None:
        return ""
    found = _TIME.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else text


def whole(text: Any) -> bool:
    """Whether it is an hour and its minutes, `14:00`."""
    try:
        time.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    return len(text) == 5
