"""What is offered and what is not: the SQL of the distributed engine. No other statement of the hub knows of offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from etoile.hub.delivery.engine.base import Share
from etoile.hub.delivery.engine.statements import FIRST_OF_ITS_LANE

LEAST = 16
ROOMS = 4
MOST = 1000

# An offer lost with the record of it is made again: nothing is gained by waiting for the disk.
LAZY = "SELECT set_config('synchronous_commit', 'off', true)"

_OFFERED = """d.offered_due IS NOT DISTINCT FROM d.due AND d.offered_at >= now() - make_interval(secs => %(patience)s)
              AND d.offered_at >= %(since)s"""

# Of each subscription, what will leave first, less what is offered already. Only the first few: the broker never holds
# the backlog, and this statement never walks it. What waits for another of its lane does not count among the few: the
# ended leases of a worker that died are due at the same moment, and could hide the only ones that may leave. Two relays
# never offer the same: each leaves what the other has locked.
MARK = f"""
WITH share AS (
    SELECT * FROM unnest(%(subscription_id)s::bigint[], %(width)s::integer[], %(ordered)s::boolean[])
        AS t(subscription_id, width, ordered)
), first AS MATERIALIZED (
    SELECT d.id
    FROM share CROSS JOIN LATERAL (
        SELECT d.* FROM delivery_delivery d
        WHERE d.subscription_id = share.subscription_id AND d.due <= now()
          AND {FIRST_OF_ITS_LANE}
        ORDER BY d.due LIMIT share.width
    ) d
    WHERE NOT ({_OFFERED})
    LIMIT {MOST}
), free AS MATERIALIZED (
    SELECT d.id FROM delivery_delivery d
    WHERE d.id = ANY (ARRAY (SELECT id FROM first)) AND d.due <= now() AND NOT ({_OFFERED})
    FOR UPDATE SKIP LOCKED
)
UPDATE delivery_delivery d SET offered_due = d.due, offered_at = clock_timestamp()
WHERE d.id = ANY (ARRAY (SELECT id FROM free))
RETURNING d.id, d.subscription_id, d.due, d.offered_at
"""  # noqa: S608 (only constants are put into the statement)

UNMARK = """
UPDATE delivery_delivery d SET offered_due = NULL
FROM unnest(%(id)s::uuid[], %(offered_at)s::timestamptz[]) AS t(id, offered_at)
WHERE d.id = t.id AND d.offered_at = t.offered_at
"""

STILL_DUE = "SELECT id FROM delivery_delivery WHERE id = ANY(%s::uuid[]) AND due <= now() AND due = offered_due"

OUTSTANDING = "SELECT count(*) FROM delivery_delivery WHERE due <= now() AND due = offered_due"


@dataclass(frozen=True, slots=True)
class Offer:
    """One delivery that may leave, said once. `offered_at` tells it from an earlier offer of the same."""

    id: UUID
    subscription_id: int
    due: datetime
    offered_at: datetime


def mark(cursor: Any, shares: Sequence[Share], *, patience: float, since: datetime) -> list[Offer]:
    """Take what is to be offered, the first due first.

    What was offered before `since`, or more than `patience` seconds ago, counts as lost.
    """
    cursor.execute(LAZY)
    cursor.execute(
        MARK,
        {
            "subscription_id": [share.subscription_id for share in shares],
            "width": [max(LEAST, ROOMS * share.room) for share in shares],
            "ordered": [share.ordered for share in shares],
            "patience": patience,
            "since": since,
        },
    )
    return sorted((Offer(*row) for row in cursor.fetchall()), key=lambda offer: offer.due)


def unmark(cursor: Any, unsaid: Sequence[Offer]) -> None:
    """These could not be said: they are to be offered again."""
    cursor.execute(UNMARK, {"id": [offer.id for offer in unsaid], "offered_at": [offer.offered_at for offer in unsaid]})


def still_due(cursor: Any, ids: Sequence[UUID]) -> set[UUID]:
    """Of these offers, which nobody could lend yet, those that still hold."""
    cursor.execute(STILL_DUE, [list(ids)])
    return {row[0] for row in cursor.fetchall()}


def outstanding(cursor: Any) -> int:
    """How many deliveries are due and offered, in the whole hub."""
    cursor.execute(OUTSTANDING)
    return int(cursor.fetchone()[0])


def clock(cursor: Any) -> datetime:
    """The database's time: the one offers are dated by."""
    cursor.execute("SELECT clock_timestamp()")
    moment: datetime = cursor.fetchone()[0]
    return moment
