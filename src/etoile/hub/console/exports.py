"""Tables given as files: CSV as the spreadsheets of France expect it, written line by line while it is read."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from etoile.runtime import sheets


def attachment(name: str, lines: Iterable[str]) -> StreamingHttpResponse:
    """`lines`: already CSV, each with its end of line."""
    response = StreamingHttpResponse(_marked(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def csv_line(values: Iterable[Any]) -> str:
    return sheets.line(_french(value) for value in values)


def _marked(lines: Iterable[str]) -> Iterator[str]:
    yield sheets.MARK
    yield from lines


def _french(value: Any) -> Any:
    """French writes decimals with a comma."""
    return f"{value:.1f}".replace(".", ",") if isinstance(value, float) else value
