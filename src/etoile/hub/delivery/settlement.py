"""What becomes of a delivery, in one transaction: its state, the number given to the case, what is said of it.

Either all of it is there after a crash, or nothing, and then the lease ends and the delivery is tried again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from etoile.contract import schemas
from etoile.contract.envelope import EnvelopeError, Event
from etoile.hub.delivery import breaking, engine, handoff, publication, returned, strange
from etoile.hub.delivery.done import Done
from etoile.hub.delivery.engine import Settled
from etoile.hub.delivery.states import STUCK, DeliveryState
from etoile.hub.delivery.strange import Strange
from etoile.hub.journal import services as journal
from etoile.hub.registry.directory import Snapshot
from etoile.sdk import Returned

ACTOR = "hub"


def settle(cursor: Any, done: Sequence[Done], snapshot: Snapshot, *, publishing: bool = True) -> Settled:
    """Record results, keep the numbers applications gave, and accept the events that follow, all or nothing.

    `publishing` False is for a result whose events cannot be accepted: see `settle_alone`.
    """
    judged = breaking.judge(cursor, done, version=snapshot.version)
    done = judged.done
    settled = engine.settle(cursor, [each.result for each in done])
    freed = breaking.keep(cursor, judged, settled.deliveries)
    counted = [each for each in done if each.result.claim.id in settled.deliveries]
    _remember(cursor, counted)
    _record_stuck(cursor, counted)
    if publishing:
        known = judged.spared
        events = [event for each in counted for event in _said(cursor, each, snapshot, each.result.claim.id in known)]
        if events:
            publication.publish(cursor, events, snapshot)
    return replace(settled, woken=settled.woken | freed) if freed else settled


def settle_alone(cursor: Any, done: Done, snapshot: Snapshot, error: Exception) -> Settled:
    """The last resort for one result: it is recorded, and what could not be said is put in quarantine."""
    settled = settle(cursor, [done], snapshot, publishing=False)
    if done.result.claim.id in settled.deliveries:
        strange.keep(cursor, [_stranger(done, each, type(error).__name__) for each in done.returned])
    return settled


def _said(cursor: Any, done: Done, snapshot: Snapshot, spared: bool) -> list[Event]:
    if done.event is None:
        return []
    events = _statuses(cursor, done, done.event)
    if handoff.is_told(done.event.source, snapshot):
        again = spared and done.result.claim.number > 1
        told = handoff.of_result(done.result, done.event, done.subscription, now=datetime.now(UTC), again=again)
        events += [told] if told is not None else []
    return events


def _statuses(cursor: Any, done: Done, event: Event) -> list[Event]:
    if not done.returned:
        return []
    key = str(done.result.claim.id)
    try:
        events = returned.events(
            done.returned, event, done.subscription.application, key=key, external_id=done.result.external_id
        )
    except (EnvelopeError, ValueError, TypeError, AttributeError) as error:
        strange.keep(cursor, [_stranger(done, each, type(error).__name__) for each in done.returned])
        return []
    good, refused = [], []
    for status, each in zip(done.returned, events, strict=True):
        wrong = schemas.violations(each)
        if wrong:
            words = "; ".join(f"{one.pointer}: {one.detail}" for one in wrong[:5])
            refused.append(_stranger(done, status, words))
        else:
            good.append(each)
    strange.keep(cursor, refused)
    return good


def _stranger(done: Done, status: Returned, why: str) -> Strange:
    claim = done.result.claim
    return Strange(
        done.subscription.application,
        strange.REFUSED,
        str(getattr(status, "status", "")),
        status,
        str(claim.id),
        done.result.external_id,
        done.subscription.id,
        claim.id,
        claim.message_id,
        why,
    )


def _remember(cursor: Any, counted: Sequence[Done]) -> None:
    named = [each for each in counted if each.result.external_id and each.event is not None]
    if named:
        remember_external(
            cursor,
            [
                (each.result.claim.application_id, each.result.external_id or "", each.result.claim.subject,
                 each.event.source if each.event else "", each.result.claim.id)
                for each in named
            ],
        )  # fmt: skip


def remember_external(cursor: Any, rows: Sequence[tuple[int, str, str, str, Any]]) -> None:
    """Keep which case an application's number speaks of. A number given again later speaks of the later case."""
    columns = list(zip(*{(row[0], row[1]): row for row in rows}.values(), strict=True))
    cursor.execute(
        "INSERT INTO delivery_external_reference (application_id, external_id, subject, message_source, delivery_id)"
        " SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::uuid[])"
        " ON CONFLICT (application_id, external_id) DO UPDATE SET subject = excluded.subject,"
        " message_source = excluded.message_source, delivery_id = excluded.delivery_id",
        [list(column) for column in columns],
    )


def _record_stuck(cursor: Any, counted: Sequence[Done]) -> None:
    for each in counted:
        if each.result.state in STUCK:
            detail = {"outcome": each.result.outcome, "attempts": each.result.claim.number}
            _record(cursor, f"delivery.{DeliveryState(each.result.state).value}", each, detail)


def _record(cursor: Any, kind: str, done: Done, detail: dict[str, Any]) -> None:
    journal.record(
        cursor,
        kind,
        actor=ACTOR,
        message_id=done.result.claim.message_id,
        delivery_id=done.result.claim.id,
        application=done.subscription.application.slug,
        detail=detail,
    )
