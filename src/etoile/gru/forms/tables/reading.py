"""A CSV file becomes rows, or the complete list of its bad lines. Nothing is written here.

Separator `;`, `,` or tab; UTF-8, or the Windows-1252 that spreadsheets write in France. The first line names
the columns.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from etoile.gru.forms.texts import plain

MOST_ROWS = 50_000
MOST_COLUMNS = 30
LONGEST_CELL = 500
MOST_BYTES = 64 * 1024 * 1024
MOST_PROBLEMS = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class TableError(ValueError):
    """Nothing was imported. `problems`: every bad line, in French, the first hundred of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        shown = list(problems[:MOST_PROBLEMS])
        if len(problems) > MOST_PROBLEMS:
            shown.append(f"et {len(problems) - MOST_PROBLEMS} autres problèmes")
        super().__init__("\n".join(shown))
        self.problems = shown


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    label: str
    cells: dict[str, str]

    @property
    def words(self) -> str:
        """The label first: what begins as typed is offered first."""
        said = [self.label, self.key, *self.cells.values()]
        return " ".join(filter(None, dict.fromkeys(plain(each) for each in said)))


@dataclass(frozen=True, slots=True)
class Content:
    """A file that was read. Its `digest` tells whether it says something new."""

    columns: tuple[str, ...]
    key_column: str
    label_column: str
    rows: tuple[Row, ...]

    @property
    def digest(self) -> str:
        head = json.dumps([self.columns, self.key_column, self.label_column])
        made = hashlib.sha256(head.encode())
        for row in self.rows:
            made.update(json.dumps(list(row.cells.values()), ensure_ascii=False).encode())
        return made.hexdigest()


@dataclass
class _Reading:
    problems: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def row(self, number: int, cells: Sequence[str], content: Content) -> Row | None:
        """One line; None, and why, when it is bad."""
        trimmed = [" ".join(cell.split()) for cell in cells]
        if len(trimmed) != len(content.columns):
            return self._bad(number, f"{len(trimmed)} cases, {len(content.columns)} colonnes")
        named = dict(zip(content.columns, trimmed, strict=True))
        for name, cell in named.items():
            if len(cell) > LONGEST_CELL:
                return self._bad(number, f"« {name} » dépasse {LONGEST_CELL} caractères")
            if _CONTROL.search(cell):
                return self._bad(number, f"« {name} » contient un caractère qui ne se lit pas")
        key, label = named[content.key_column], named[content.label_column]
        if not key or not label:
            return self._bad(number, f"« {content.label_column if key else content.key_column} » est vide")
        if key in self.lines:
            return self._bad(number, f"la clé « {key} » est déjà à la ligne {self.lines[key]}")
        self.lines[key] = number
        row = Row(key, label, named)
        return row if row.words else self._bad(number, "il n’y a ni lettre ni chiffre")

    def _bad(self, number: int, words: str) -> None:
        self.problems.append(f"ligne {number} : {words}")


def read(raw: bytes, *, key: str = "", label: str = "", usual: tuple[str, str] = ("", "")) -> Content:
    """Rows in the order of the file. `key` and `label` name their columns: unless told, the `usual` ones if they are
    there, else the first and the second.

    Raises `TableError`.
    """
    if len(raw) > MOST_BYTES:
        raise TableError([f"le fichier dépasse {MOST_BYTES // 1024 // 1024} Mo"])
    text = _decoded(raw)
    lines = _lines(text)
    try:
        head = _head(next(lines)[1], key, label, usual)
        reading = _Reading()
        rows = [reading.row(number, cells, head) for number, cells in lines if any(cell.strip() for cell in cells)]
    except StopIteration:
        raise TableError(["le fichier est vide : la première ligne nomme les colonnes"]) from None
    except csv.Error as error:
        raise TableError([f"le fichier n’est pas du CSV lisible : {error}"]) from None
    if len(rows) > MOST_ROWS:
        reading.problems.append(f"{len(rows)} lignes : une table en a {MOST_ROWS} au plus")
    if not rows:
        reading.problems.append("il n’y a aucune ligne après celle des colonnes")
    if reading.problems:
        raise TableError(reading.problems)
    return Content(head.columns, head.key_column, head.label_column, tuple(row for row in rows if row is not None))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    for cells in reader:
        yield reader.line_num, cells


def _head(names: Sequence[str], key: str, label: str, usual: tuple[str, str]) -> Content:
    columns = [plain(name).replace(" ", "_") for name in names]
    problems = []
    for written, name in zip(names, columns, strict=True):
        if not _NAME.fullmatch(name):
            problems.append(
                f"ligne 1 : « {written.strip()} » n’est pas un nom de colonne (lettres, chiffres, tirets bas)"
            )
    problems += [f"ligne 1 : deux colonnes « {name} »" for name in sorted({n for n in columns if columns.count(n) > 1})]
    if len(columns) > MOST_COLUMNS:
        problems.append(f"ligne 1 : {len(columns)} colonnes, {MOST_COLUMNS} au plus")
    first, second = columns[0], columns[1] if len(columns) > 1 else columns[0]
    if set(usual) <= set(columns):
        first, second = usual
    chosen = key or first, label or second
    for name in dict.fromkeys(chosen):
        if name not in columns:
            problems.append(f"ligne 1 : il n’y a pas de colonne « {name} » (colonnes : {', '.join(columns)})")
    if problems:
        raise TableError(problems)
    return Content(tuple(columns), *chosen, ())
