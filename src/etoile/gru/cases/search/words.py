"""Words as both sides of a search are compared: folded here, PostgreSQL needs neither dictionary nor extension."""

import re
from collections.abc import Iterable

from etoile.gru.forms.texts import plain

# A word longer than this is found by its beginning; a case has no more words than this.
LONGEST, MOST = 40, 2000
# What is asked in one search: beyond, the first words have said enough.
ASKED = 8
# The end of a telephone number, the same whatever its prefix and the way it is spaced.
DIGITS = 9
_PHONE = re.compile(r"\+?[\d\s./()-]{9,}")


def words_of(texts: Iterable[str]) -> set[str]:
    """The words of some texts, at most `MOST`."""
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(_split(text)))
        number = _number(text)
        if number:
            found[number] = None
        if len(found) > MOST:
            break
    return set(list(found)[:MOST])


def asked(text: str) -> list[str]:
    """What is looked for when someone types `text`: words, or their beginnings. Empty: nothing to look for."""
    number = _number(text)
    return [number] if number else _split(text)[:ASKED]


def _split(text: str) -> list[str]:
    """A letter alone (« d’ », « l’ ») says nothing."""
    return [word[:LONGEST] for word in plain(text).split() if len(word) > 1]


def _number(text: str) -> str:
    if not _PHONE.fullmatch(text.strip()):
        return ""
    digits = "".join(sign for sign in text if sign.isdecimal())
    return digits[-DIGITS:] if len(digits) >= DIGITS else ""
