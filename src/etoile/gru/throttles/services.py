"""The only writer of the counts.

A count is of a table and not of the memory of a process: the limit is the one that is written, however many processes
serve the site, and a restart gives nobody another try. Call them outside a transaction: a count that is undone counts
nothing, and its row would make the neighbours wait.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from etoile.gru.throttles.models import Count

_COUNT = """
    INSERT INTO throttles_count AS known (key, uses, ends_at) VALUES (%(key)s, 1, %(later)s)
    ON CONFLICT (key) DO UPDATE SET
        uses = CASE WHEN known.ends_at <= %(now)s THEN 1 ELSE least(known.uses + 1, 1000000) END,
        ends_at = CASE WHEN known.ends_at <= %(now)s THEN excluded.ends_at ELSE known.ends_at END
    RETURNING uses
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in `seconds`, from the first one."""

    count: int
    seconds: int


def allowed(purpose: str, subject: str, limit: Limit) -> bool:
    """Count one use by this subject (an address, an e-mail: kept as a digest) and say whether it may pass. One
    statement: of two at once, each counts."""
    now = timezone.now()
    key, later = _key(purpose, subject), now + timedelta(seconds=limit.seconds)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "now": now, "later": later})
        (uses,) = cursor.fetchone()
    return int(uses) <= limit.count


def exceeded(purpose: str, subject: str, limit: Limit) -> bool:
    """Whether the limit is reached already; counts nothing. One statement."""
    now = timezone.now()
    return Count.objects.filter(key=_key(purpose, subject), uses__gte=limit.count, ends_at__gt=now).exists()


def forget() -> int:
    """Remove the windows that have ended."""
    return Count.objects.filter(ends_at__lt=timezone.now()).delete()[0]


def _key(purpose: str, subject: str) -> bytes:
    return salted_hmac("etoile.gru.throttles", f"{purpose} {subject}", algorithm="sha256").digest()
