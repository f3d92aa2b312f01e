"""Deliveries of the applications that cannot be called: they come and take them, then say what they did.

A delivery taken is leased like any other; not acknowledged when the lease ends, it is offered again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from etoile.contract.envelope import Event
from etoile.hub.delivery import engine, stored
from etoile.hub.delivery.done import Done
from etoile.hub.delivery.engine import Claim, Moved, Share
from etoile.hub.delivery.judging import result_of
from etoile.hub.delivery.prepare import prepare
from etoile.hub.delivery.services import tell
from etoile.hub.delivery.settlement import remember_external, settle
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal import services as journal
from etoile.hub.registry.directory import ApplicationView, Snapshot
from etoile.sdk import Outcome, OutcomeKind


@dataclass(frozen=True, slots=True)
class Offered:
    """One delivery lent to the application that pulls, with the event as that application may see it."""

    delivery: UUID
    event: Event


@dataclass(frozen=True, slots=True)
class Answered:
    """What an application says of one delivery. `outcome`: a kind of sdk.Outcome, `acknowledged` most of the time."""

    delivery: UUID
    outcome: OutcomeKind = OutcomeKind.ACKNOWLEDGED
    external_id: str | None = None
    message: str = ""


# What each answer did: `recorded`, `repeated` (it was settled before), or `unknown` (no such delivery of yours).
RECORDED, REPEATED, UNKNOWN = "recorded", "repeated", "unknown"

OPEN = """
SELECT d.id, d.message_id, d.subscription_id, d.application_id, d.subject, d.position, d.token, d.attempts,
       d.attempts - d.tries_from, coalesce(d.leased_by, ''), m.payload, d.state, d.external_id
FROM delivery_delivery d
LEFT JOIN journal_message m ON m.id = d.message_id
WHERE d.id = ANY(%s::uuid[]) AND d.application_id = %s
"""

# What an application may say of what it had accepted for later, besides its number.
REFUSING = frozenset({OutcomeKind.FIX_DATA, OutcomeKind.BUSINESS_NO, OutcomeKind.MANUAL})
REFUSED = """
UPDATE delivery_delivery d SET state = 'rejected', outcome = %s, detail = %s, settled_at = NULL, due = NULL
FROM (SELECT id, state, external_id FROM delivery_delivery
      WHERE id = %s AND state IN ('sent', 'acknowledged') FOR UPDATE) was
WHERE d.id = was.id RETURNING was.state, was.external_id
"""


def take(cursor: Any, application: ApplicationView, snapshot: Snapshot, *, limit: int, now: float) -> list[Offered]:
    """Lend up to `limit` deliveries, each lane in order. `now`: seconds since 1970. No network, one statement."""
    shares = [
        Share(view.id, limit, view.ordered, view.policy.lease)
        for view in snapshot.subscriptions.values()
        if view.application.id == application.id and view.pull and view.active
    ]
    claims = engine.claim(cursor, f"mailbox:{application.slug}", shares, run=limit, most=limit)
    offered, unreadable = [], []
    for claim in claims:
        try:
            event = stored.read(claim.payload)
            prepared = prepare(event, snapshot.subscription(claim.subscription_id), snapshot, now=now)
        except ValueError as error:
            unreadable.append(
                _done(claim, Outcome.fix_data("Le message ne peut pas être préparé.", type(error).__name__), snapshot)
            )
        else:
            offered.append(Offered(claim.id, prepared))
    if unreadable:
        settle(cursor, unreadable, snapshot)
    return offered


def answer(
    cursor: Any, application: ApplicationView, answers: Sequence[Answered], snapshot: Snapshot
) -> dict[UUID, str]:
    """Record what an application says of its deliveries, in the caller's transaction. Repeating it is harmless.

    Returns for each delivery RECORDED, REPEATED or UNKNOWN. The hub's own acceptance may raise what
    `routing.accept_many` raises; then nothing is recorded.
    """
    said = {each.delivery: each for each in answers}
    rows = _read(cursor, application, list(said))
    engine.lock(cursor, [row[4] for row in rows])
    told = dict.fromkeys(said, UNKNOWN)
    done = []
    for row in _read(cursor, application, list(said)):
        claim, state, known = Claim(*row[:11]), DeliveryState(row[11]), row[12]
        told[claim.id] = REPEATED
        if state == DeliveryState.LEASED and claim.subscription_id in snapshot.subscriptions:
            done.append(_done(claim, _outcome(said[claim.id]), snapshot))
            told[claim.id] = RECORDED
        elif state == DeliveryState.SENT and said[claim.id].outcome == OutcomeKind.ACKNOWLEDGED:
            confirm(cursor, claim, said[claim.id].external_id or known, snapshot)
            told[claim.id] = RECORDED
        elif state == DeliveryState.SENT and said[claim.id].outcome in REFUSING:
            refuse(cursor, claim, said[claim.id].message, snapshot, said[claim.id].outcome)
            told[claim.id] = RECORDED
    settle(cursor, done, snapshot)
    return told


def confirm(cursor: Any, claim: Claim, external_id: str | None, snapshot: Snapshot) -> None:
    """What was accepted for later is now received for good. The caller holds the lock of the subject."""
    cursor.execute(
        "UPDATE delivery_delivery SET state = 'acknowledged', settled_at = now(),"
        " external_id = coalesce(%s, external_id)"
        " WHERE id = %s AND state = 'sent'",
        [external_id, claim.id],
    )
    if cursor.rowcount:
        if external_id and claim.payload:
            source = stored.read(claim.payload).source
            remember_external(cursor, [(claim.application_id, external_id, claim.subject, source, claim.id)])
        moved = Moved(
            claim.id, claim.message_id, claim.subscription_id, claim.application_id, claim.subject, claim.number,
            external_id, DeliveryState.SENT,
        )  # fmt: skip
        tell(cursor, [moved], DeliveryState.ACKNOWLEDGED, "", snapshot)


def refuse(
    cursor: Any, claim: Claim, words: str, snapshot: Snapshot, outcome: OutcomeKind = OutcomeKind.MANUAL
) -> None:
    """What the application had taken, it refuses after all: it waits for a person. The caller holds the lock of the
    subject. Said again, it changes nothing."""
    cursor.execute(REFUSED, [outcome.value, words, claim.id])
    row = cursor.fetchone()
    if row is None:
        return
    was, external_id = row
    moved = Moved(
        claim.id, claim.message_id, claim.subscription_id, claim.application_id, claim.subject, claim.number,
        external_id, DeliveryState(was),
    )  # fmt: skip
    application = snapshot.subscription(claim.subscription_id).application.slug
    journal.record(
        cursor, "delivery.rejected", actor=application, message_id=claim.message_id, delivery_id=claim.id,
        application=application, detail={"outcome": outcome.value, "was": was},
    )  # fmt: skip
    tell(cursor, [moved], DeliveryState.REJECTED, words, snapshot)


def _read(cursor: Any, application: ApplicationView, ids: list[UUID]) -> list[Any]:
    cursor.execute(OPEN, [ids, application.id])
    rows: list[Any] = cursor.fetchall()
    return rows


def _outcome(said: Answered) -> Outcome:
    return Outcome(kind=said.outcome, message=said.message, external_id=said.external_id)


def _done(claim: Claim, outcome: Outcome, snapshot: Snapshot) -> Done:
    subscription = snapshot.subscription(claim.subscription_id)
    try:
        event = stored.read(claim.payload)
    except stored.UnreadableError:
        event = None
    return Done(result_of(outcome, claim, subscription), subscription, event)
