"""XLSX by XlsxWriter, which then keeps one row in memory. Each text is written as a text: never as a formula."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from etoile.gru.batches.exports.sheets import MOST_CHARACTERS, MOST_ROWS, Value


class XlsxSheet:
    most: int | None = MOST_ROWS

    def __init__(self, path: Path, title: str) -> None:
        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": title})
        self._sheet = self._book.add_worksheet(title[:31].translate(_FORBIDDEN))
        self._sheet.freeze_panes(1, 0)
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._next = 0

    def row(self, values: Sequence[Value]) -> None:
        for column, value in enumerate(values):
            if isinstance(value, datetime):
                self._sheet.write_datetime(self._next, column, value, self._moment)
            elif isinstance(value, date):
                self._sheet.write_datetime(self._next, column, value, self._day)
            elif isinstance(value, int):
                self._sheet.write_number(self._next, column, value)
            elif value:
                self._sheet.write_string(self._next, column, value[:MOST_CHARACTERS])
        self._next += 1

    def close(self) -> None:
        self._book.close()


# What the name of a sheet may not hold.
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
