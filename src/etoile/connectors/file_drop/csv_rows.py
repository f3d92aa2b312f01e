"""The rows of a CSV file (RFC 4180, the separator and the encoding being those of the settings)."""

import csv
from collections.abc import Iterator

from etoile.connectors.file_drop.configuration import Reading
from etoile.connectors.file_drop.formats import CODECS
from etoile.connectors.file_drop.rows import LONGEST_ROW, Mark, Row, Unreadable

BOM = b"\xef\xbb\xbf"


class CsvRows:
    def __init__(self, settings: Reading, mark: Mark | None = None) -> None:
        self._settings = settings
        self._codec = "utf-8" if settings.encoding.startswith("utf-8") else CODECS[settings.encoding]
        self._at, self._line, self._titles = 0, 0, []  # type: int, int, list[str]
        if mark is not None:
            self._at, self._line, self._titles = mark["at"], mark["line"], mark["titles"]
        self._rest, self._base = b"", self._at
        self._started = mark is not None

    @property
    def mark(self) -> Mark:
        return {"at": self._at, "line": self._line, "titles": self._titles}

    def feed(self, block: bytes) -> Iterator[Row]:
        self._rest += block
        if not self._started:
            if len(self._rest) < len(BOM):
                return
            self._begin()
        yield from self._read(last=False)
        if len(self._rest) > LONGEST_ROW:
            raise Unreadable(f"Ligne {self._line + 1} : elle n’a pas de fin ; guillemet jamais fermé ?")

    def close(self) -> Iterator[Row]:
        self._begin()
        yield from self._read(last=True)
        if not self._titles:
            raise Unreadable("Le fichier est vide.")

    def _begin(self) -> None:
        if not self._started and self._codec == "utf-8" and self._rest.startswith(BOM):
            self._rest, self._at = self._rest[len(BOM) :], len(BOM)
        self._started = True

    def _read(self, *, last: bool) -> Iterator[Row]:
        """The rows that are whole in what is held; what is left begins at the first that is not."""
        held = self._rest
        whole = held.splitlines(keepends=True)
        if whole and not last:
            whole.pop()  # its end may be in the next block
        lines = _Lines(whole, self._codec, self._settings.encoding, self._line)
        rows = csv.reader(lines, delimiter=self._settings.separator, strict=True)
        try:
            yield from self._whole(rows, lines, last=last)
        finally:
            self._rest = held[self._at - self._base :]

    def _whole(self, rows: Iterator[list[str]], lines: "_Lines", *, last: bool) -> Iterator[Row]:
        start = self._base = self._at
        first = self._line
        while True:
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error:
                if lines.ended and not last:
                    return
                words = "guillemets ou séparateurs mal placés ; fichier incomplet ?"
                raise Unreadable(f"Ligne {first + max(1, lines.taken)} : {words}") from None
            self._at, self._line = start + lines.size, first + lines.taken
            if any(each.strip() for each in cells):
                yield from self._row(cells)

    def _row(self, cells: list[str]) -> Iterator[Row]:
        if not self._titles:
            self._titles = _titles(cells, self._settings)
            return
        if len(cells) != len(self._titles):
            raise Unreadable(f"Ligne {self._line} : {len(cells)} cases, et non {len(self._titles)}.")
        values = (value.strip() or None for value in cells)
        yield Row(f"Ligne {self._line}", dict(zip(self._titles, values, strict=True)))


class _Lines:
    """Lines for `csv.reader`, and how much of them it took. `ended`: it asked for one more than there is."""

    def __init__(self, lines: list[bytes], codec: str, encoding: str, first: int) -> None:
        self._lines, self._codec, self._encoding, self._first = iter(lines), codec, encoding, first
        self.size = self.taken = 0
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.size += len(line)
        self.taken += 1
        try:
            return line.decode(self._codec)
        except UnicodeDecodeError:
            place = self._first + self.taken
            raise Unreadable(f"Ligne {place} : le fichier n’est pas écrit en {self._encoding}.") from None


def _titles(cells: list[str], settings: Reading) -> list[str]:
    titles = [each.strip() for each in cells]
    if titles[0].startswith("ï»¿"):
        raise Unreadable(f"Le fichier est écrit en UTF-8, et non en {settings.encoding}.")
    if settings.number not in titles:
        raise Unreadable(f"Colonne absente de la ligne de titres : {settings.number}.")
    if len(set(titles)) != len(titles):
        raise Unreadable("Deux colonnes portent le même titre.")
    return titles
