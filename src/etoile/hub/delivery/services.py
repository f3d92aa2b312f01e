"""What a person decides about deliveries. Each decision is written in the journal with who took it and why."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from etoile.hub.delivery import engine, handoff, publication, stored
from etoile.hub.delivery.engine import Moved, Selection
from etoile.hub.delivery.reasons import ReasonMissingError, required
from etoile.hub.delivery.states import CANCELLABLE, REPLAYABLE, DeliveryState
from etoile.hub.journal import services as journal
from etoile.hub.registry import directory
from etoile.hub.registry import services as registry
from etoile.hub.registry.changes import By

__all__ = ["ReasonMissingError", "cancel", "replay", "switch", "tell"]

CHUNK = 200

Chosen = Selection | UUID | Sequence[UUID]


def replay(chosen: Chosen, *, actor: str, reason: str) -> int:
    """Send again, from the start of the list of delays, what is stuck, over, waiting for a retry or held in doubt.

    `chosen` is one id, several, or a Selection; what is in another state is left as it is. Returns how many moved.
    """
    return _decide(chosen, REPLAYABLE, "delivery.replayed", actor, reason)


def cancel(chosen: Chosen, *, actor: str, reason: str) -> int:
    """Close without delivering: the rest of the lane goes on. The source of the message is told. Returns how many."""
    return _decide(chosen, CANCELLABLE, "delivery.cancelled", actor, reason)


def switch(subscription_id: int, *, active: bool, actor: str, reason: str) -> int:
    """Switch a subscription off, and hold what waits for it; or on again, and let go what was held.

    One transaction and one entry of the journal, with the reason. What is on its way to the application when it is
    switched off ends by itself: received, or held. Returns how many deliveries are held or let go.
    """
    required(reason)
    with transaction.atomic(), connection.cursor() as cursor:
        row = registry.set_active(subscription_id, active=active, by=By(actor, reason))
        number = (engine.release if active else engine.hold)(cursor, [subscription_id])
        kind = "subscription.switched_on" if active else "subscription.switched_off"
        detail = {"subscription": row.slug, "reason": reason, "deliveries": number}
        journal.record(cursor, kind, actor=actor, application=row.application.slug, detail=detail)
        return number


def _decide(chosen: Chosen, states: Sequence[DeliveryState], kind: str, actor: str, reason: str) -> int:
    """In slices, each its own transaction: ten thousand cases are not locked at once."""
    required(reason)
    selection = _selection(chosen)
    with connection.cursor() as cursor:
        found = engine.select(cursor, selection, states, 1_000_000)
    return sum(
        _decide_slice(found[start : start + CHUNK], kind, actor, reason) for start in range(0, len(found), CHUNK)
    )


def _decide_slice(found: Sequence[Moved], kind: str, actor: str, reason: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        engine.lock(cursor, [each.subject for each in found])
        ids = [each.id for each in found]
        cancelling = kind == "delivery.cancelled"
        moved = engine.cancel(cursor, ids, reason) if cancelling else engine.replay(cursor, ids)
        snapshot = directory.current(cursor)
        slugs = {view.id: slug for slug, view in snapshot.applications.items()}
        for each in moved:
            journal.record(
                cursor,
                kind,
                actor=actor,
                message_id=each.message_id,
                delivery_id=each.id,
                application=slugs.get(each.application_id),
                detail={"reason": reason, "was": each.state.value},
            )
        if cancelling:
            tell(cursor, moved, DeliveryState.CANCELLED, reason, snapshot)
        return len(moved)


def tell(cursor: Any, moved: Sequence[Moved], state: DeliveryState, reason: str, snapshot: directory.Snapshot) -> None:
    """Say to the sources of the messages what a decision did."""
    cursor.execute("SELECT id, payload FROM journal_message WHERE id = ANY(%s)", [[each.message_id for each in moved]])
    payloads = dict(cursor.fetchall())
    events = []
    for each in moved:
        if each.message_id not in payloads or each.subscription_id not in snapshot.subscriptions:
            continue
        event = stored.read(payloads[each.message_id])
        if handoff.is_told(event.source, snapshot):
            subscription = snapshot.subscription(each.subscription_id)
            events.append(handoff.of_decision(each, event, subscription, state, reason, now=datetime.now(UTC)))
    if events:
        publication.publish(cursor, events, snapshot)


def _selection(chosen: Chosen) -> Selection:
    if isinstance(chosen, Selection):
        return chosen
    ids = [chosen] if isinstance(chosen, UUID) else list(chosen)
    return Selection(ids=ids) if ids else Selection(ids=[UUID(int=0)])
