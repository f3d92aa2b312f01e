"""CSV as the spreadsheets set for French open it without a question: UTF-8 with its mark, semicolons, CRLF."""

import csv
import io
from collections.abc import Iterable
from typing import Any, TextIO

# Without it, Excel reads the accents of UTF-8 as something else.
MARK = "\ufeff"
# A cell that begins so is run as a formula by the spreadsheet that opens the file (OWASP, CSV injection).
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Writer:
    """Rows into a text opened with `newline=""`. A text a spreadsheet would take for a formula is one no more."""

    def __init__(self, out: TextIO) -> None:
        self._rows = csv.writer(out, delimiter=";", lineterminator="\r\n")

    def row(self, values: Iterable[Any]) -> None:
        self._rows.writerow([harmless(each) if isinstance(each, str) else each for each in values])


def line(values: Iterable[Any]) -> str:
    """One row, with its end of line."""
    out = io.StringIO()
    Writer(out).row(values)
    return out.getvalue()


def harmless(text: str) -> str:
    """The text, behind an apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text
