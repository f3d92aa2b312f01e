"""Numbers as people type them in France: spaces of any kind between thousands, a comma or a point for decimals."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,10}))?")
# Written the other way round, as spreadsheets export it: the comma says which is which.
_POINTED = re.compile(r"([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{1,10})")
LARGEST = 10**12


def number(text: str) -> Decimal | None:
    """The number written in a cleaned text, without unit; None when it is none."""
    bare = text.replace(" ", "").replace("\u2212", "-")
    found = _NUMBER.fullmatch(bare) or _POINTED.fullmatch(bare)
    if found is None:
        return None
    return Decimal(f"{found[1]}{found[2].replace('.', '')}.{found[3] or '0'}")


def grouped(whole: int) -> str:
    """`1 250`, with the thin space that no line breaks at."""
    return f"{whole:,}".replace(",", "\u202f")
