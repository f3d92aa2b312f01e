"""What a command says: a table a person reads, or JSON; and the status a script reads."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, Protocol

NOTHING_OR_WRONG = 1


class Out(Protocol):
    """The output of a management command."""

    def write(self, msg: str) -> Any: ...


def as_json(out: Out, content: Any) -> None:
    """Dates, identifiers and paths as their text."""
    out.write(json.dumps(content, ensure_ascii=False, default=str))


def as_table(out: Out, rows: Sequence[Mapping[str, Any]]) -> None:
    """Columns as wide as their widest cell; the names of the first row on top. Nothing for no row."""
    if not rows:
        return
    names = list(rows[0])
    cells = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    for line in cells:
        out.write("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def leave(status: int = NOTHING_OR_WRONG) -> NoReturn:
    """End with a status that is not 0 after having said everything."""
    sys.exit(status)


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "-"
    return f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "strftime") and hasattr(value, "hour") else str(value)
