"""A mapping's result as a file: CSV or XML, in a declared encoding, refused rather than mangled."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from etoile.connectors.file_drop.formats import CODECS, Csv, Writing, Xml

# What NFKD does not take apart, as a clerk would type it.
TYPED = str.maketrans(
    {
        "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ı": "i",
        "’": "'", "‘": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‑": "-", "−": "-",
        "•": "-", "€": "EUR", "\u202f": " ", "\u00a0": " ", "\u2009": " ", "\u200b": "", "\ufeff": "",
    }
)  # fmt: skip
# Office software runs a cell that begins so (OWASP, "CSV injection"); a plain number is not run.
FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"^[+-]?\d[\d .,]*$")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
XML_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9._-]*$")
MAX_DEPTH = 32


class Unwritable(Exception):
    """`column` holds a character that the encoding cannot write. No value is told: it may be personal."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"« {column} » {reason}")
        self.column = column


class NotRows(Exception):
    """The mapping does not give what the format needs. The text is French."""


def blocks(settings: Csv | Xml, tree: Any) -> Iterator[bytes]:
    """The file, line after line. Raises Unwritable or NotRows, possibly after some lines."""
    return csv_lines(settings, tree) if isinstance(settings, Csv) else xml_lines(settings, tree)


def csv_lines(settings: Csv, tree: Any) -> Iterator[bytes]:
    codec = CODECS[settings.encoding]
    if settings.encoding == "utf-8-bom":
        yield b"\xef\xbb\xbf"
        codec = "utf-8"
    end = "\r\n" if settings.line_end == "crlf" else "\n"
    if settings.header:
        yield _line(settings, codec, ((name, name) for name in settings.columns), end)
    known = frozenset(settings.columns)
    for row in _rows(tree):
        for name in row:
            if name not in known:
                raise NotRows(f"la colonne « {name} » du tableau de correspondance n’est pas dans « columns »")
        yield _line(settings, codec, ((name, text(settings, name, row.get(name))) for name in settings.columns), end)


def _rows(tree: Any) -> Iterator[Mapping[str, Any]]:
    rows = tree if isinstance(tree, list) else [tree]
    for row in rows:
        if not isinstance(row, Mapping):
            raise NotRows("le tableau de correspondance doit donner une ligne, ou une liste de lignes")
        yield row


def _line(settings: Csv, codec: str, cells: Iterable[tuple[str, str]], end: str) -> bytes:
    return (
        settings.separator.join(_cell(settings, codec, name, value) for name, value in cells).encode(codec)
        + end.encode()
    )


def _cell(settings: Csv, codec: str, name: str, value: str) -> str:
    if settings.line_breaks == "space":
        value = " ".join(part.strip() for part in value.splitlines()) if "\n" in value or "\r" in value else value
    value = encodable(settings, codec, name, value)
    if settings.formulas == "neutralise" and FORMULA.match(value) and not NUMBER.match(value):
        value = f"'{value}"
    if (
        settings.quoting == "all"
        or any(each in value for each in (settings.separator, '"', "\r", "\n"))
        or value != value.strip()
    ):
        value = '"' + value.replace('"', '""') + '"'
    return value


def encodable(settings: Writing, codec: str, name: str, value: str) -> str:
    """The text with what the encoding cannot write put in other letters; Unwritable when that is not possible."""
    value = CONTROL.sub("", unicodedata.normalize("NFC", value))
    try:
        value.encode(codec)
    except UnicodeEncodeError:
        if settings.unwritable == "refuse":
            raise Unwritable(name, f"contient un caractère que l’encodage {settings.encoding} ne connaît pas") from None
        return "".join(_letter(settings, codec, name, each) for each in value)
    return value


def _letter(settings: Writing, codec: str, name: str, letter: str) -> str:
    if unicodedata.combining(letter):
        return ""  # what it was laid on is written
    for candidate in (letter, letter.translate(TYPED), _bare(letter)):
        try:
            candidate.encode(codec)
        except UnicodeEncodeError:
            continue
        if candidate or letter.translate(TYPED) == "":
            return candidate
    # A "?" in its place would be a name changed without anybody knowing.
    raise Unwritable(name, f"contient un caractère que l’encodage {settings.encoding} ne peut pas remplacer")


def _bare(letter: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))


def text(settings: Writing, name: str, value: Any) -> str:
    """A value as the file writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return settings.true if value else settings.false
    if isinstance(value, float):
        shown = repr(value) if abs(value) < 1e15 and (not value or abs(value) > 1e-4) else f"{value:f}"
        return shown.removesuffix(".0").replace(".", settings.decimal)
    if isinstance(value, list):
        return " | ".join(text(settings, name, each) for each in value)
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise NotRows(f"« {name} » reçoit un groupe de valeurs ou une pièce, et non un texte ou un nombre")
    wanted = settings.dates.get(name)
    return _dated(settings, name, value, wanted) if wanted and value else value


def _dated(settings: Writing, name: str, value: str, wanted: str) -> str:
    try:
        if len(value) == 10:
            return date.fromisoformat(value).strftime(wanted)
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise NotRows(f"la colonne « {name} » ne reçoit pas une date") from None
    return (moment.astimezone(ZoneInfo(settings.timezone)) if moment.tzinfo else moment).strftime(wanted)


def xml_lines(settings: Xml, tree: Any) -> Iterator[bytes]:
    if not isinstance(tree, Mapping):
        raise NotRows("le tableau de correspondance doit donner les éléments du fichier")
    declared = "UTF-8" if settings.encoding.startswith("utf-8") else settings.encoding.upper()
    codec = CODECS[settings.encoding].removesuffix("-sig")
    if settings.encoding == "utf-8-bom":
        yield b"\xef\xbb\xbf"
    yield f'<?xml version="1.0" encoding="{declared}"?>\n'.encode(codec)
    namespace = f" xmlns={quoteattr(settings.namespace)}" if settings.namespace else ""
    for line in _element(settings, codec, settings.root, tree, namespace, 0):
        yield line.encode(codec)


def _element(settings: Xml, codec: str, name: str, value: Any, extra: str, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise NotRows(f"le fichier aurait plus de {MAX_DEPTH} niveaux")
    if not XML_NAME.match(name):
        raise NotRows(f"« {name} » n’est pas un nom d’élément")
    indent = "  " * depth
    if not isinstance(value, Mapping):
        written = escape(encodable(settings, codec, name, text(settings, name, value)))
        yield f"{indent}<{name}{extra}>{written}</{name}>\n"
        return
    children = {key: child for key, child in value.items() if key != "#text" and not key.startswith("@")}
    attributes = extra + "".join(_attributes(settings, codec, value))
    if not children:
        written = escape(encodable(settings, codec, name, text(settings, name, value.get("#text"))))
        yield f"{indent}<{name}{attributes}>{written}</{name}>\n"
        return
    yield f"{indent}<{name}{attributes}>\n"
    for key, child in children.items():
        for each in child if isinstance(child, list) else [child]:
            yield from _element(settings, codec, key, each, "", depth + 1)
    yield f"{indent}</{name}>\n"


def _attributes(settings: Xml, codec: str, value: Mapping[str, Any]) -> Iterator[str]:
    for key, child in value.items():
        if key.startswith("@"):
            if not XML_NAME.match(key[1:]):
                raise NotRows(f"« {key} » n’est pas un nom d’attribut")
            yield f" {key[1:]}={quoteattr(encodable(settings, codec, key[1:], text(settings, key[1:], child)))}"
