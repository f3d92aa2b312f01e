"""The small values the components are drawn from: rows, entries, columns. No domain here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.safestring import SafeString

from etoile.design.moments import written

# A tone is never said by colour alone: each has its shape (an icon) and the badge its words.
TONES: dict[str, str] = {
    "neutral": "dot",
    "info": "info",
    "progress": "clock",
    "success": "check",
    "warning": "warning",
    "danger": "cross",
}


# Columns that stand side by side from a small screen of a desk on.
WIDE = 7


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line of a summary list; `values` has one entry per line of text."""

    label: str
    values: Sequence[str] = ()
    change_href: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One step of a history, newest or oldest first as the caller decides.

    `precise`: the time is shown to the second. `facts`: small things beside it (a duration, a code). `body`: HTML, made
    by a template, shown under the words. `is_future`: it has not happened yet.
    """

    title: str
    at: datetime | None = None
    detail: str = ""
    tone: str = "neutral"
    author: str = ""
    icon: str = ""
    precise: bool = False
    facts: Sequence[str] = ()
    body: SafeString | None = None
    is_future: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: text, and optionally an address, or the tone of a badge and its own icon; `note` is a smaller line.

    `at`: the moment the text says in words; it is written for machines too. `folded`: lines to open for who wants them,
    under the words of `fold`.
    """

    text: str
    href: str = ""
    tone: str = ""
    numeric: bool = False
    icon: str = ""
    note: str = ""
    at: datetime | None = None
    fold: str = ""
    folded: Sequence[str] = ()

    @property
    def is_nothing(self) -> bool:
        """A dash keeps the columns of a table; a card has no use for it."""
        return self.text == "–"

    @property
    def moment(self) -> SafeString | None:
        return written(self.at, self.text) if self.at else None


@dataclass(frozen=True, slots=True)
class Table:
    """A table that becomes cards on a narrow screen. `columns` are the headings; the first cell heads its row."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]] = field(default_factory=tuple)
    empty: str = ""

    @property
    def is_wide(self) -> bool:
        """More columns than a page holds beside its navigation: it scrolls in a region of its own."""
        return len(self.columns) > WIDE

    @property
    def headings(self) -> list[tuple[str, bool]]:
        """Each heading, and whether it stands over numbers."""
        if not self.rows:
            return [(column, False) for column in self.columns]
        return [(column, cell.numeric) for column, cell in zip(self.columns, self.rows[0], strict=True)]

    @property
    def labelled_rows(self) -> list[list[tuple[str, Cell]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Pages:
    """Keyset pages: addresses of the neighbours, empty when there is none, and words such as « 26 à 50 »."""

    previous_href: str = ""
    next_href: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of tabs or chips; `count` is shown beside, `here` marks the one whose content is shown."""

    label: str
    href: str
    here: bool = False
    count: int | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A page that contains this one; without `href`, this one."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: where, and how it stands (a badge: words and tone). Without `href` it cannot be done yet."""

    title: str
    state: str
    tone: str = "neutral"
    href: str = ""
    hint: str = ""
