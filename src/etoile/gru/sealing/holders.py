"""Each table that holds sealed values says so here, and how one of its rows is sealed again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Holder:
    """`rows` are those that hold something sealed; `renewed(row)` gives the columns to write so that it is under the
    first key, none when it already is, and raises `SealError`."""

    table: str
    holds: str
    rows: Callable[[], QuerySet[Any]]
    renewed: Callable[[Any], dict[str, Any]]


_HOLDERS: dict[str, Holder] = {}


def declare(holder: Holder) -> None:
    """Called by a room when it is ready; again for the same table replaces it."""
    _HOLDERS[holder.table] = holder


def holders() -> list[Holder]:
    return [_HOLDERS[table] for table in sorted(_HOLDERS)]
