"""What the three formats have in common: a sheet that takes rows one by one, and never holds them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

# `datetime` is local to the authority, without a zone: a spreadsheet knows none.
Value = str | int | date | datetime | None
# The last row of a sheet, headings included, in LibreOffice and in Excel.
MOST_ROWS = 1_048_576
# A longer cell is refused by Excel.
MOST_CHARACTERS = 32_767


class Sheet(Protocol):
    """`close` finishes the file; a sheet that is not closed left nothing that can be opened."""

    most: int | None

    def row(self, values: Sequence[Value]) -> None: ...

    def close(self) -> None: ...


def shown(value: Value) -> str:
    """A value as words: dates of ISO 8601, to the minute."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None else str(value)
