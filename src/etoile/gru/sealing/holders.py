"""Each table that holds sealed values says so here, and how one of its rows is sealed again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Holder:
    """`rows` are those that hold something sealed; `columns` gives of a row the value of each under the first key, None
    when it already is, and raises `SealError`."""

    table: str
    holds: str
    rows: Callable[[], QuerySet[Any]]
    columns: Mapping[str, Callable[[Any], Any]]

    def renewed(self, row: Any) -> dict[str, Any]:
        """The columns to write so that the row is under the first key."""
        found = {column: of(row) for column, of in self.columns.items()}
        return {column: value for column, value in found.items() if value is not None}


_HOLDERS: dict[str, Holder] = {}


def declare(holder: Holder) -> None:
    """Called by a room when it is ready; again for the same table replaces it."""
    _HOLDERS[holder.table] = holder


def holders() -> list[Holder]:
    return [_HOLDERS[table] for table in sorted(_HOLDERS)]
