"""The feed of changes: each case at its last change, in an order that a reader may follow by one number.

A number drawn while a case is written would order by the beginning of transactions, and a slow one would end behind
readers. So it is drawn afterwards, here, by one reader at a time, for what is committed: whoever has read up to a
number has read everything that will ever have a smaller one.
"""

from django.db import connection, transaction
from django.db.models import Max, QuerySet

from etoile.gru.api.models import Change

# One at a time over all the processes. The number is ours alone in this database.
TURN = 0x45544F49
# What one reader numbers before it reads: the next one goes on.
MOST = 2000

_NUMBER = """
UPDATE api_change SET position = nextval('api_change_position')
FROM (
    SELECT id FROM api_change WHERE position IS NULL ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
) waiting
WHERE api_change.id = waiting.id
"""


def number(most: int = MOST) -> int:
    """Give a position to what changed and is committed; how many. A row being written waits for the next time."""
    if not Change.objects.filter(position=None).exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        # The lock is kept until the commit: no number is drawn while a smaller one is not yet readable.
        cursor.execute(_NUMBER, [most])
        return cursor.rowcount


def after(authority: int, position: int) -> QuerySet[Change]:
    """What changed in this authority since a position, in order; to be called once `number` has returned."""
    return (
        Change.objects.filter(authority_id=authority, position__gt=position)
        .select_related("procedure")
        .order_by("position")
    )


def last(authority: int) -> int:
    """The position that a reader starts from to follow what comes and read nothing of what was."""
    return Change.objects.filter(authority_id=authority).aggregate(last=Max("position"))["last"] or 0
