"""What a person decides about deliveries. Each decision is written in the journal with who took it and why."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from etoile.hub.delivery import engine, handoff, publication, stored
from etoile.hub.delivery.engine import Moved, Selection
from etoile.hub.delivery.states import CANCELLABLE, REPLAYABLE, DeliveryState
from etoile.hub.journal import services as journal
from etoile.hub.registry import directory

CHUNK = 200

Chosen = Selection | UUID | Sequence[UUID]


class ReasonMissingError(ValueError):
    """A decision needs a reason in words."""


def replay(chosen: Chosen, *, actor: str, reason: str) -> int:
    """Send again, from the start of the list of delays, what is stuck, over, waiting for a retry or held in doubt.

    `chosen` is one id, several, or a Selection; what is in another state is left as it is. Returns how many moved.
    """
    return _decide(chosen, REPLAYABLE, "delivery.replayed", actor, reason)


def cancel(chosen: Chosen, *, actor: str, reason: str) -> int:
    """Close without delivering: the rest of the lane goes on. The source of the message is told. Returns how many."""
    return _decide(chosen, CANCELLABLE, "delivery.cancelled", actor, reason)


def hold_subscription(subscription_id: int, *, actor: str, reason: str) -> int:
    """Keep what waits for a subscription that is being switched off. Returns how many are held."""
    with transaction.atomic(), connection.cursor() as cursor:
        held = engine.hold(cursor, [subscription_id])
        _record_subscription(cursor, "subscription.held", subscription_id, actor, reason, held)
        return held


def release_subscription(subscription_id: int, *, actor: str, reason: str) -> int:
    """Let go what was held for a subscription that is switched on again. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        released = engine.release(cursor, [subscription_id])
        _record_subscription(cursor, "subscription.released", subscription_id, actor, reason, released)
        return released


def _decide(chosen: Chosen, states: Sequence[DeliveryState], kind: str, actor: str, reason: str) -> int:
    """In slices, each its own transaction: ten thousand cases are not locked at once."""
    if not reason.strip():
        raise ReasonMissingError("a decision about a delivery needs a reason")
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


def _record_subscription(cursor: Any, kind: str, subscription_id: int, actor: str, reason: str, number: int) -> None:
    detail = {"subscription": subscription_id, "reason": reason, "deliveries": number}
    journal.record(cursor, kind, actor=actor, detail=detail)
