"""CSV: UTF-8 with its mark, semicolons: what spreadsheets set for French open without a question."""

import csv
from collections.abc import Sequence
from pathlib import Path

from etoile.gru.batches.exports.sheets import Value, shown

# A cell that begins so is run as a formula by the spreadsheet that opens the file (OWASP, CSV injection).
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class CsvSheet:
    most: int | None = None

    def __init__(self, path: Path, title: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, delimiter=";", lineterminator="\r\n")

    def row(self, values: Sequence[Value]) -> None:
        self._writer.writerow([harmless(shown(value)) if isinstance(value, str) else shown(value) for value in values])

    def close(self) -> None:
        self._file.close()


def harmless(text: str) -> str:
    """The text, behind an apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text
