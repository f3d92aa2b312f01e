"""How long the hub keeps what it has delivered: whole months are dropped, oldest first, and never an unfinished one.

The dropping is a function of the database (see the migration), which holds the guards whoever calls it. The keys of
the messages stay for ever, so that a message sent again years later is still known; so do the seals.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error as DjangoError

from etoile.contract.identifiers import uuid7
from etoile.hub.journal.seals import atomic

SHORTEST = 3
ACTOR = "hub"

MONTHS = """
SELECT DISTINCT to_date(right(c.relname, 7), 'YYYY"m"MM') AS month
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
WHERE p.relname IN (SELECT name FROM journal_partitioned()) AND c.relname = p.relname || '_y' || right(c.relname, 7)
  AND right(c.relname, 7) ~ '^[0-9]{4}m[0-9]{2}$'
ORDER BY month
"""

BOUND = "journal_first_key((%s::date + interval '1 month') AT TIME ZONE 'UTC')"


@dataclass(frozen=True, slots=True)
class Month:
    """A month older than the retention, and what keeps it, or an older one, from being dropped."""

    first: date
    unfinished: int
    unsealed: int

    @property
    def free(self) -> bool:
        return not (self.unfinished or self.unsealed)

    def __str__(self) -> str:
        if self.free:
            return f"{self.first:%Y-%m}"
        return f"{self.first:%Y-%m}: {self.unfinished} unfinished deliveries, {self.unsealed} entries not sealed"


def due(cursor: Any, keep: int | None = None) -> list[Month]:
    """The months the retention no longer asks to keep, oldest first. `keep`: months, by default the setting; 0: all."""
    months = settings.HUB_RETENTION_MONTHS if keep is None else keep
    if not months:
        return []
    limit = _months_before(datetime.now(UTC).date(), max(months, SHORTEST))
    cursor.execute(MONTHS)
    old = [row[0] for row in cursor.fetchall() if row[0] < limit]
    return [_month(cursor, first) for first in old]


def sweep(connection: Any, *, keep: int | None = None, actor: str = ACTOR) -> list[str]:
    """Drop the months that are due, oldest first, each in its own transaction; stop at the first that may not go.

    Returns the months dropped (`2024-01`). A month that could not be locked at once is left for the next time.
    """
    dropped = []
    with connection.cursor() as cursor:
        months = due(cursor, keep)
    for month in months:
        if not month.free or not _drop(connection, month.first, actor):
            break
        dropped.append(f"{month.first:%Y-%m}")
    return dropped


def _drop(connection: Any, first: date, actor: str) -> bool:
    try:
        with atomic(connection), connection.cursor() as cursor:
            cursor.execute("SELECT journal_drop_month(%s, %s, %s)", [first, uuid7(), actor])
            return True
    except (DjangoError, psycopg.Error) as error:
        cause = error.__cause__ if isinstance(error, DjangoError) else error
        # Somebody is writing, or has just decided about a delivery of that month.
        if isinstance(cause, psycopg.errors.LockNotAvailable | psycopg.errors.ObjectNotInPrerequisiteState):
            return False
        raise


def _month(cursor: Any, first: date) -> Month:
    cursor.execute(
        f"SELECT journal_unfinished_before({BOUND}), journal_unsealed_before({BOUND})",
        [first, first],
    )
    unfinished, unsealed = cursor.fetchone()
    return Month(first, int(unfinished), int(unsealed))


def _months_before(today: date, months: int) -> date:
    index = today.year * 12 + today.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
