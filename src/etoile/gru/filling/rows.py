"""The rows of a repeated block while it is being filled: nothing posted takes one away, only its own button does."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.repeated import ROW

Row = dict[str, Any]
_ROW = re.compile(r"[0-9a-z]{8}")
_SYMBOLS = "0123456789abcdefghijklmnopqrstuvwxyz"


def offered(block: Field, rows: Sequence[Row], least: int, seed: object) -> list[Row]:
    """The rows to show: those there are, then empty ones up to the `least` that is needed."""
    shown = list(rows)
    while len(shown) < least:
        shown.append({ROW: following(block, shown, seed)})
    return shown


def following(block: Field, rows: Sequence[Row], seed: object) -> str:
    """The identifier of the row that comes next. The same for the same rows: asked for twice, it is added once."""
    taken = {row[ROW] for row in rows}
    number = len(rows)
    while (name := _name(block, seed, number)) in taken:
        number += 1
    return name


def merged(before: Sequence[Row], posted: Sequence[Row]) -> list[Row]:
    """What the block holds once `posted` is read: rows of another tab stay, after those that were sent."""
    sent = {row[ROW] for row in posted}
    return [*posted, *(row for row in before if row[ROW] not in sent)]


def is_row(name: str) -> bool:
    return _ROW.fullmatch(name) is not None


def without(rows: Iterable[Row], name: str) -> list[Row]:
    return [row for row in rows if row[ROW] != name]


def _name(block: Field, seed: object, number: int) -> str:
    digest = hashlib.sha256(f"{seed}\n{block.id}\n{number}".encode()).digest()
    return "".join(_SYMBOLS[byte % len(_SYMBOLS)] for byte in digest[:8])
