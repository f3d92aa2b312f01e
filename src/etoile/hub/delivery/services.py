"""What a person decides about deliveries. Each decision is written in the journal with who took it and why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from etoile.hub.delivery import engine, handoff, publication, stored
from etoile.hub.delivery.engine import Moved, Selection, Span
from etoile.hub.delivery.reasons import ReasonMissingError, required
from etoile.hub.delivery.states import CANCELLABLE, REPLAYABLE, DeliveryState
from etoile.hub.journal import services as journal
from etoile.hub.journal.services import NewEntry
from etoile.hub.registry import directory
from etoile.hub.registry import services as registry
from etoile.hub.registry.changes import By

__all__ = ["ReasonMissingError", "cancel", "replay", "switch", "tell"]

CHUNK = 500

Chosen = Selection | UUID | Sequence[UUID]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was meant when it was taken, how many they were, and what each entry of the journal says of it."""

    selection: Selection
    span: Span
    detail: dict[str, str]

    @property
    def number(self) -> int:
        return self.span.number


class Part(NamedTuple):
    """What is walked at a stretch: after the first key, up to the last."""

    selection: Selection
    first: UUID
    last: UUID


def replay(chosen: Chosen, *, actor: str, reason: str, progress: Progress | None = None) -> int:
    """Send again, from the start of the list of delays, what is stuck, over, waiting for a retry or held in doubt.

    `chosen` is one id, several, or a Selection; what is in another state is left as it is. Done in slices, each whole
    or not at all: cut short, the same decision taken again does what is left. `progress` is told, after each slice, how
    many are done and how many there were. Returns how many moved.
    """
    return _decide(chosen, REPLAYABLE, "replayed", actor, reason, progress)


def cancel(chosen: Chosen, *, actor: str, reason: str, progress: Progress | None = None) -> int:
    """Close without delivering: the rest of the lane goes on. The source of the message is told. See `replay`."""
    return _decide(chosen, CANCELLABLE, "cancelled", actor, reason, progress)


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


def _decide(
    chosen: Chosen, states: Sequence[DeliveryState], verb: str, actor: str, reason: str, progress: Progress | None
) -> int:
    """In slices, each its own transaction: a hundred thousand cases are neither locked nor held in memory at once."""
    required(reason)
    decision = _taken(_selection(chosen), states, verb, actor, reason)
    moved = 0
    for part in _parts(decision):
        after = part.first
        while after < part.last:
            with transaction.atomic(), connection.cursor() as cursor:
                found = engine.select(cursor, part.selection, states, CHUNK, after=after, last=part.last)
                moved += _decide_slice(cursor, found, verb, actor, decision) if found else 0
            after = found[-1].id if len(found) == CHUNK else part.last
            if found and progress is not None:
                progress(moved, decision.number)
    return moved


def _taken(selection: Selection, states: Sequence[DeliveryState], verb: str, actor: str, reason: str) -> Decision:
    """What is accepted, or fails again, after the decision was taken is not concerned by it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now = cursor.fetchone()[0]
        until = now if selection.until is None else min(selection.until, now)
        selection = replace(selection, until=until)
        span = engine.span(cursor, selection, states)
        if span.number < 2:
            return Decision(selection, span, {"reason": reason})
        entry = journal.record(
            cursor,
            f"decision.{verb}",
            actor=actor,
            detail={"reason": reason, "deliveries": span.number, "chosen": _told(selection)},
        )
        return Decision(selection, span, {"reason": reason, "decision": str(entry)})


def _parts(decision: Decision) -> Iterator[Part]:
    """The whole walk, or, of what is named one by one, a slice after the other: each name is read once."""
    span = decision.span
    if span.first is None or span.last is None:
        return
    named = sorted(decision.selection.ids)
    if not named:
        yield Part(decision.selection, _before(span.first), span.last)
    for start in range(0, len(named), CHUNK):
        ids = named[start : start + CHUNK]
        yield Part(replace(decision.selection, ids=ids), _before(ids[0]), ids[-1])


def _before(id: UUID) -> UUID:
    return UUID(int=max(0, id.int - 1))


def _told(selection: Selection) -> dict[str, Any]:
    told = {name: value for name, value in asdict(selection).items() if value}
    told["ids"] = len(selection.ids)
    return {name: value if isinstance(value, int | list) else str(value) for name, value in told.items() if value}


def _decide_slice(cursor: Any, found: Sequence[Moved], verb: str, actor: str, decision: Decision) -> int:
    engine.lock(cursor, [each.subject for each in found])
    ids = [each.id for each in found]
    cancelling = verb == "cancelled"
    moved = engine.cancel(cursor, ids, decision.detail["reason"]) if cancelling else engine.replay(cursor, ids)
    snapshot = directory.current(cursor)
    slugs = {view.id: slug for slug, view in snapshot.applications.items()}
    entries = [
        NewEntry(each.message_id, each.id, slugs.get(each.application_id), {**decision.detail, "was": each.state.value})
        for each in moved
    ]
    journal.record_many(cursor, f"delivery.{verb}", entries, actor=actor)
    if cancelling:
        tell(cursor, moved, DeliveryState.CANCELLED, decision.detail["reason"], snapshot)
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
