"""From one key to the next while everything runs: rows are sealed again by slices, each a short transaction.

Killed anywhere, it is begun again from the start: rows already under the first key cost a reading. A row written
meanwhile with the values read before is under a key that still opens, and is found by the next pass.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from etoile.gru.sealing.boxes import SealError
from etoile.gru.sealing.holders import Holder, holders

SLICE = 500
# What follows the changes of a request reads it: to be sealed again is no change.
SETTING = "etoile.resealing"


@dataclass(slots=True)
class Tally:
    """Rows of a table: those under the first key, those under another, those that no key opens."""

    table: str
    holds: str
    first: int = 0
    other: int = 0
    lost: int = 0


def status() -> Iterator[Tally]:
    """Every row is opened: nothing else tells under which key it is."""
    for holder in holders():
        tally = Tally(holder.table, holder.holds)
        after = None
        while rows := _slice(holder, after):
            for row in rows:
                _count(tally, holder, row)
            after = rows[-1].pk
        yield tally


def reseal(told: Callable[[Tally], None] = lambda tally: None) -> list[Tally]:
    """Everything under the first key, but rows that somebody is writing, left for another run: to wait for one while
    holding others could end in a deadlock, and cost that person their writing. `told` hears of each slice. In the
    result `other` counts what was sealed again."""
    return [_reseal(holder, told) for holder in holders()]


def _reseal(holder: Holder, told: Callable[[Tally], None]) -> Tally:
    tally = Tally(holder.table, holder.holds)
    after: object | None = None
    while True:
        with transaction.atomic():
            rows = _slice(holder, after, held=True)
            if not rows:
                return tally
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT set_config('{SETTING}', 'yes', true)")
            for row in rows:
                changed = _count(tally, holder, row)
                if changed:
                    row.__class__._base_manager.filter(pk=row.pk).update(**changed)
            after = rows[-1].pk
        told(tally)


def _slice(holder: Holder, after: object | None, *, held: bool = False) -> list[Any]:
    rows = holder.rows().order_by("pk")
    rows = rows.filter(pk__gt=after) if after is not None else rows
    return list((rows.select_for_update(no_key=True, skip_locked=True) if held else rows)[:SLICE])


def _count(tally: Tally, holder: Holder, row: Any) -> dict[str, Any]:
    try:
        changed = holder.renewed(row)
    except SealError:
        tally.lost += 1
        return {}
    if changed:
        tally.other += 1
    else:
        tally.first += 1
    return changed
