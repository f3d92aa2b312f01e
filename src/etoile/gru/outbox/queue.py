"""The SQL of the sender: what may leave now, in which order, and what became of it.

A subject is a lane: its events leave in the order they were written. One refused keeps those behind it waiting, and no
other lane. No transaction is held while the network is used: a claim is a lease, and an expired lease is taken again.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from etoile.gru.outbox.models import OutgoingEvent, State

# Twice what the hub's client spends on one publication. Too short costs a repetition, which the hub recognises.
LEASE = timedelta(seconds=40)
# One number for the whole database: claims follow one another, so that two workers never split a lane.
_CLAIM_LOCK = 0x6574_6F62

# A lane with a refusal or a live lease in front keeps what follows waiting.
_CLAIM = """
WITH chosen AS (
    SELECT position FROM outbox_event AS mine
    WHERE state = 'pending' AND NOT EXISTS (
        SELECT FROM outbox_event AS before
        WHERE before.subject = mine.subject AND before.position <= mine.position
            AND before.state IN ('pending', 'refused')
            AND (before.state = 'refused' OR before.lease_until > now())
    )
    ORDER BY position LIMIT %(limit)s
)
UPDATE outbox_event SET lease = %(lease)s, lease_until = now() + %(length)s, attempts = attempts + 1
FROM chosen WHERE outbox_event.position = chosen.position
RETURNING outbox_event.position, outbox_event.id, outbox_event.subject, outbox_event.body
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One event to publish now, under our lease."""

    position: int
    id: uuid.UUID
    subject: str
    body: str


def claim(lease: uuid.UUID, limit: int) -> list[Claimed]:
    """Lease the next events, oldest first. None that has a refusal or a live lease in front of it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CLAIM_LOCK])
        cursor.execute(_CLAIM, {"limit": limit, "lease": lease, "length": LEASE})  # type: ignore[dict-item]
        return sorted((Claimed(*row) for row in cursor.fetchall()), key=lambda event: event.position)


def mark_sent(receivers: Mapping[int, int | None]) -> None:
    """The hub holds these, by position: a fact, whoever holds the lease now. With how many applications take each."""
    settled = {"state": State.SENT, "settled_at": timezone.now(), "lease": None, "lease_until": None, "problem": None}
    for number in set(receivers.values()):
        these = [position for position, each in receivers.items() if each == number]
        OutgoingEvent.objects.filter(position__in=these).update(receivers=number, **settled)


def mark_refused(position: int, lease: uuid.UUID, problem: dict[str, Any]) -> None:
    """The hub will never take this one as it is: it waits for a human, with the exact answer."""
    OutgoingEvent.objects.filter(position=position, lease=lease).update(
        state=State.REFUSED, problem=problem, lease=None, lease_until=None
    )


def release(lease: uuid.UUID, *, problem: dict[str, Any] | None = None) -> None:
    """Give back what is still under this lease: it may be claimed again at once."""
    OutgoingEvent.objects.filter(lease=lease, state=State.PENDING).update(lease=None, lease_until=None, problem=problem)
