"""The rows of an XML file: one for each element of the name that the settings say.

To go on from the middle of a file, the elements that were open there are opened again: their names are in the mark.
"""

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat  # a document type is refused before any of its entities is read

from etoile.connectors.file_drop.configuration import Reading
from etoile.connectors.file_drop.rows import LONGEST_ROW, Mark, Row, Unreadable

DEEPEST = 64
PIECE = 4096
WIDE = (b"\xff\xfe", b"\xfe\xff")


class XmlRows:
    def __init__(self, settings: Reading, mark: Mark | None = None) -> None:
        self._element, self._number = settings.element, settings.number
        begun = mark or {"at": 0, "rank": 0, "line": 0, "path": [], "encoding": None}
        self._base, self._rank, self._line = begun["at"], begun["rank"], begun["line"]
        self._encoding: str | None = begun["encoding"]
        self._path: list[str] = []
        self._ready: list[tuple[Row, Mark]] = []
        self._mark: Mark = begun
        self._row: Row | None = None
        self._cells: dict[str, str] | None = None
        self._depth = self._length = 0
        self._fed = False
        self._parser = self._made()
        self._begin(begun["path"])

    @property
    def mark(self) -> Mark:
        return self._mark

    def feed(self, block: bytes) -> Iterator[Row]:
        if not self._fed and not self._base and block.startswith(WIDE):
            raise Unreadable("Le fichier est écrit en UTF-16, que le hub ne lit pas.")
        self._fed = True
        for start in range(0, len(block), PIECE):
            # The rows of a piece are held until they are given.
            self._parse(block[start : start + PIECE], last=False)
            yield from self._given()

    def close(self) -> Iterator[Row]:
        self._parse(b"", last=True)
        yield from self._given()
        if not self._rank:
            raise Unreadable(f"Le fichier n’a aucun élément « {self._element} ».")

    def _given(self) -> Iterator[Row]:
        ready, self._ready = self._ready, []
        for row, mark in ready:
            self._mark = mark
            yield row

    def _made(self) -> Any:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.XmlDeclHandler = self._declared
        return parser

    def _begin(self, path: list[str]) -> None:
        if not path:
            return
        opening = "".join(f"<{name}>" for name in path)
        head = f'<?xml version="1.0" encoding="{self._encoding or "utf-8"}"?>{opening}'
        whole = head.encode(self._encoding or "utf-8")
        self._parse(whole, last=False)
        self._base -= len(whole)

    def _parse(self, block: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(block, last)
        except expat.ExpatError as error:
            line = self._line + error.lineno
            raise Unreadable(f"Ligne {line} : le XML est mal formé ; fichier incomplet ?") from None
        except (ValueError, LookupError):
            raise Unreadable("L’encodage que le fichier annonce n’est pas connu.") from None

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        self._encoding = encoding

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._flush()
        if len(self._path) == DEEPEST:
            raise Unreadable(f"Le fichier a plus de {DEEPEST} niveaux.")
        self._path.append(name)
        if self._cells is None and _local(name) == self._element:
            self._cells = {f"@{_local(each)}": value.strip() for each, value in attributes.items()}
            self._depth, self._length = len(self._path), 0
        elif self._cells is not None and len(self._path) == self._depth + 1:
            self._cells[_local(name)] = ""

    def _text(self, text: str) -> None:
        if self._cells is None or len(self._path) <= self._depth:
            return
        self._length += len(text)
        if self._length > LONGEST_ROW:
            raise Unreadable(f"Élément {self._rank + 1} : il est trop long.")
        self._cells[_local(self._path[self._depth])] += text

    def _end(self, name: str) -> None:
        self._flush()
        ends = self._cells is not None and len(self._path) == self._depth
        self._path.pop()
        if ends and self._cells is not None:
            self._rank += 1
            cells = {title: value.strip() or None for title, value in self._cells.items()}
            self._row = Row(f"Élément {self._rank}", cells)
            self._cells = None

    def _flush(self) -> None:
        """A row is given when the next tag begins: that is where a later reading goes on."""
        if self._row is None:
            return
        mark: Mark = {
            "at": self._base + self._parser.CurrentByteIndex,
            "rank": self._rank,
            "line": self._line + self._parser.CurrentLineNumber - 1,
            "path": list(self._path),
            "encoding": self._encoding,
        }
        self._ready.append((self._row, mark))
        self._row = None


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _no_doctype(*named: object) -> None:
    # A document type has no use here, and is the way of the attacks by entities.
    raise Unreadable("Le fichier porte un type de document (DOCTYPE), qui n’est pas admis.")
