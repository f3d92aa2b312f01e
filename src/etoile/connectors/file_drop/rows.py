"""The rows of a returned file, read from any place of it: what was read once is not read again for the next page.

    rows = CsvRows(settings, mark)          # mark: None for the beginning, or where an earlier reading stopped
    for row in rows.feed(block): ...        # as the blocks come; `rows.mark` is the place after the row just given
    for row in rows.close(): ...            # what the end of the file makes whole

No more than a block and a row is held. The mark is plain JSON and holds no value of the file, only its titles.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

# A row beyond that is a quote that was never closed, or something else than a table.
LONGEST_ROW = 2**20

Mark = dict[str, Any]
"""`at`: the byte where the next row begins; the rest is what its reader must know to go on from there."""


class Unreadable(Exception):
    """The file is not what the settings say. The text is French, names lines and columns, and holds no value."""


@dataclass(frozen=True, slots=True)
class Row:
    """`place`: where it is, in words. `cells`: by title; None for an empty one, as a mapping leaves null out."""

    place: str
    cells: dict[str, str | None]


class Rows(Protocol):
    """A file read row after row. Both methods may raise Unreadable."""

    @property
    def mark(self) -> Mark: ...

    def feed(self, block: bytes) -> Iterator[Row]: ...

    def close(self) -> Iterator[Row]: ...
