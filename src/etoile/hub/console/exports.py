"""Tables given as files: CSV as the spreadsheets of France expect it, written line by line while it is read."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

# Without it, Excel reads the accents of UTF-8 as something else.
MARK = "\ufeff"


def attachment(name: str, lines: Iterable[str]) -> StreamingHttpResponse:
    """`lines`: already CSV, each with its end of line."""
    response = StreamingHttpResponse(_marked(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_line(values: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="\r\n").writerow([_safe(value) for value in values])
    return line.getvalue()


def _marked(lines: Iterable[str]) -> Iterator[str]:
    yield MARK
    yield from lines


def _safe(value: Any) -> Any:
    """A spreadsheet takes a text that begins so for a formula; French writes decimals with a comma."""
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", ",")
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
