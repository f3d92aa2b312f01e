"""CSV, written line by line as it is read."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from etoile.gru.batches.exports.sheets import Value, shown
from etoile.runtime import sheets


class CsvSheet:
    most: int | None = None

    def __init__(self, path: Path, title: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = sheets.Writer(self._file)

    def row(self, values: Sequence[Value]) -> None:
        # A number keeps its sign: only what was typed may be a formula.
        self._writer.row(shown(value) if isinstance(value, datetime) else value for value in values)

    def close(self) -> None:
        self._file.close()
