"""A reference table: a CSV file read once, checked whole, and indexed for the one search it is declared for."""

import csv
import io
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from os import stat_result
from pathlib import Path

from etoile.connectors.lookup_csv.configuration import Configuration, Exact, Prefix

MOST_ROWS = 50_000
MOST_BYTES = 32 * 2**20
CODECS = {
    "utf-8": "utf-8-sig",
    "utf-8-bom": "utf-8-sig",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
BETWEEN = re.compile(r"[^0-9a-z]+")

Row = tuple[str, ...]
Stamp = tuple[int, int, int]


class BrokenTableError(Exception):
    """The file is not what the settings say. The text is French, names lines and columns, and holds no value."""


class BeingWrittenError(BrokenTableError):
    """It changed while it was read: it is to be read again."""


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` in the order of the file. `keys`: the rows under a text of the searched column. `words`: each beginning of
    a word of that column, sorted, with its rank in the text and its row; for a search by prefix only."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    keys: dict[str, list[int]]
    words: tuple[tuple[str, int, int], ...]
    stamp: Stamp

    @property
    def at(self) -> datetime:
        """When the file was written."""
        return datetime.fromtimestamp(self.stamp[0] / 1e9, UTC)

    def column(self, name: str) -> int:
        return self.header.index(name)

    def beginning(self, text: str) -> Iterator[int]:
        """The rows with a word that begins so; first those that begin with it, then by alphabet. Each once."""
        found = []
        for index in range(bisect_left(self.words, (text,)), len(self.words)):
            word, rank, row = self.words[index]
            if not word.startswith(text):
                break
            found.append((rank > 0, word, row))
        return iter(dict.fromkeys(row for _, _, row in sorted(found)))


def fold(text: str) -> str:
    """Small letters without accents, one space between words."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
    return BETWEEN.sub(" ", "".join(each for each in plain if not unicodedata.combining(each))).strip()


def stamp(found: stat_result) -> Stamp:
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def read(path: Path, settings: Configuration) -> Table:
    """The whole table. Raises BrokenTableError, OSError."""
    with path.open("rb") as file:
        before = path.stat()
        if before.st_size > MOST_BYTES:
            raise BrokenTableError(f"il dépasse {MOST_BYTES // 2**20} Mo")
        content = file.read(MOST_BYTES + 1)
    if stamp(path.stat()) != stamp(before) or len(content) != before.st_size:
        raise BeingWrittenError("il est en train d’être écrit")
    try:
        text = content.decode(CODECS[settings.encoding])
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BrokenTableError(f"ligne {line} : ce n’est pas de l’encodage « {settings.encoding} »") from None
    header, rows, lines = _rows(text, settings)
    column = header.index(settings.search.column)
    keys = _keys(rows, lines, column, settings)
    words = _words(rows, column) if isinstance(settings.search, Prefix) else ()
    return Table(header, rows, keys, words, stamp(before))


def _rows(text: str, settings: Configuration) -> tuple[tuple[str, ...], tuple[Row, ...], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=settings.separator, strict=True)
    rows: list[Row] = []
    lines: list[int] = []
    try:
        header = tuple(each.strip() for each in next(reader, []))
        _check_header(header, settings)
        for cells in reader:
            if not any(each.strip() for each in cells):
                continue
            if len(cells) != len(header):
                raise BrokenTableError(f"ligne {reader.line_num} : {len(cells)} colonnes, {len(header)} attendues")
            rows.append(tuple(each.strip() for each in cells))
            lines.append(reader.line_num)
            if len(rows) > MOST_ROWS:
                raise BrokenTableError(f"il a plus de {MOST_ROWS} lignes")
    except csv.Error:
        raise BrokenTableError(f"ligne {reader.line_num} : un guillemet n’est pas à sa place") from None
    if not rows:
        # A file emptied by accident would answer that nothing exists.
        raise BrokenTableError("il n’a aucune ligne")
    return header, tuple(rows), lines


def _check_header(header: tuple[str, ...], settings: Configuration) -> None:
    missing = [name for name in settings.needed if name not in header]
    if missing:
        named = ", ".join(f"« {name} »" for name in missing)
        raise BrokenTableError(f"ligne 1 : il manque {named} (séparateur et encodage sont-ils les bons ?)")
    if len(set(header)) != len(header):
        raise BrokenTableError("ligne 1 : deux colonnes ont le même nom")


def _keys(rows: tuple[Row, ...], lines: list[int], column: int, settings: Configuration) -> dict[str, list[int]]:
    keys: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        held = keys.setdefault(row[column], [])
        held.append(index)
        if isinstance(settings.search, Exact) and len(held) > 1:
            raise BrokenTableError(f"lignes {lines[held[0]]} et {lines[index]} : la même clé deux fois")
    return keys


def _words(rows: tuple[Row, ...], column: int) -> tuple[tuple[str, int, int], ...]:
    found: list[tuple[str, int, int]] = []
    for index, row in enumerate(rows):
        parts = fold(row[column]).split(" ")
        found += [(" ".join(parts[rank:]), rank, index) for rank in range(len(parts)) if parts[rank]]
    return tuple(sorted(found))
