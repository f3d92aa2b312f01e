"""Going to ask: for applications that do not say by themselves what becomes of a case.

One worker at a time asks for one subscription (lease and token, as for deliveries). The cursor moves in the same
transaction as the statuses are accepted: after a crash the same reading is made again, and known statuses are known.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import structlog

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.hub.delivery import engine, mailbox, publication, returned, stored, strange
from etoile.hub.delivery.engine import Claim
from etoile.hub.delivery.strange import RefusedError, Strange
from etoile.hub.registry.directory import Snapshot, SubscriptionView
from etoile.hub.worker.calls import Calls, NotConfigured
from etoile.hub.worker.database import Cursor, Database
from etoile.sdk import DoorError, Polled, Posted, Problem, Returned

log = structlog.get_logger("etoile.hub.worker")

EVERY = 60.0
LOST_MESSAGE = "Un message est revenu pour une demande que le hub ne connaît pas. Lisez-le là où il a été reçu."
# After an error: twice the usual pause, within these bounds, so that answers come soon after an application is back.
SOONEST_AFTER_AN_ERROR, LATEST_AFTER_AN_ERROR = 5.0, 120.0

ENROL = """
INSERT INTO delivery_poll (subscription_id, due)
SELECT id, now() FROM unnest(%s::bigint[]) AS t(id) ON CONFLICT DO NOTHING
"""
TAKE = """
UPDATE delivery_poll p SET token = p.token + 1, lease_until = now() + make_interval(secs => t.lease),
                           due = now() + make_interval(secs => t.lease)
FROM (SELECT subscription_id, lease FROM delivery_poll
      JOIN unnest(%s::bigint[], %s::float8[]) AS wanted(id, lease) ON wanted.id = subscription_id
      WHERE due <= now() FOR UPDATE OF delivery_poll SKIP LOCKED) t
WHERE p.subscription_id = t.subscription_id
RETURNING p.subscription_id, p.cursor, p.token
"""
MOVE = """
UPDATE delivery_poll SET cursor = %s, due = now() + make_interval(secs => %s), lease_until = NULL, last_error = NULL
WHERE subscription_id = %s AND token = %s
"""
FAIL = """
UPDATE delivery_poll SET due = now() + make_interval(secs => %s), lease_until = NULL, last_error = %s
WHERE subscription_id = %s AND token = %s
"""
CASES = """
SELECT r.external_id, d.id, d.message_id, d.subscription_id, d.application_id, d.subject, d.position, d.token,
       d.attempts, d.attempts - d.tries_from, '', m.payload
FROM delivery_external_reference r
JOIN delivery_delivery d ON d.id = r.delivery_id
JOIN journal_message m ON m.id = d.message_id
WHERE r.application_id = %s AND r.external_id = ANY(%s::text[])
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """One subscription to ask for, from where the last reading stopped."""

    subscription: SubscriptionView
    cursor: str | None
    token: int


class Poller:
    """Asks each application in its turn, each in a task of its own: a slow one delays nobody."""

    def __init__(self, database: Database, calls: Calls) -> None:
        self._database = database
        self._calls = calls
        self._tasks: set[asyncio.Task[None]] = set()

    async def turn(self, snapshot: Snapshot) -> None:
        """Start the readings that are due."""
        asking = [view for view in snapshot.subscriptions.values() if view.active and self._can_ask(view)]
        if asking:
            readings = await self._database.run(partial(self._take, asking=asking))
            for reading in readings:
                task = asyncio.create_task(self._read(reading, snapshot))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float) -> None:
        """Cut what is still being read: the next worker reads from the same place."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _can_ask(self, view: SubscriptionView) -> bool:
        """A connector that can, for a subscription that says how: `poll` absent from its configuration means no."""
        connector = self._calls.connectors.get(view.connector)
        if connector is None or "poll" not in connector.capabilities:
            return False
        declared = "poll" in type(connector).Configuration.model_fields
        return not declared or bool(view.configuration.get("poll"))

    def _take(self, cursor: Cursor, asking: list[SubscriptionView]) -> list[Reading]:
        views = {view.id: view for view in asking}
        cursor.execute(ENROL, [list(views)])
        cursor.execute(TAKE, [list(views), [view.policy.lease for view in asking]])
        return [Reading(views[row[0]], row[1], row[2]) for row in cursor.fetchall()]

    async def _read(self, reading: Reading, snapshot: Snapshot) -> None:
        try:
            polled = await self._ask(reading)
            await self._database.run(
                partial(_accept, reading=reading, polled=polled, snapshot=snapshot, pause=self._pause(reading))
            )
        except Exception as error:
            await self._failed(reading, error)

    async def _ask(self, reading: Reading) -> Polled:
        view = reading.subscription
        connector = self._calls.connector(view)
        context = self._calls.context(view, key=uuid4(), attempt=1)
        async with asyncio.timeout(view.policy.timeout):
            polled = await connector.poll(reading.cursor, context)
        if not isinstance(polled, Polled):
            raise TypeError("poll returns a Polled")
        return polled

    async def _failed(self, reading: Reading, error: Exception) -> None:
        known = isinstance(error, DoorError | NotConfigured | TimeoutError)
        words = str(error) if isinstance(error, DoorError | NotConfigured) else type(error).__name__
        log.warning("worker.poll_failed", subscription=reading.subscription.slug, error=type(error).__name__)
        if not known:
            log.exception("worker.poll_fault", subscription=reading.subscription.slug)
        pause = min(max(2 * self._pause(reading), SOONEST_AFTER_AN_ERROR), LATEST_AFTER_AN_ERROR)
        try:
            await self._database.run(
                lambda cursor: cursor.execute(FAIL, [pause, words[:500], reading.subscription.id, reading.token])
            )
        except Exception as lost:
            log.warning("worker.poll_not_recorded", error=type(lost).__name__)

    def _pause(self, reading: Reading) -> float:
        poll = reading.subscription.configuration.get("poll")
        asked = poll.get("every") if isinstance(poll, dict) else None
        return float(asked) if isinstance(asked, int | float) and asked > 0 else EVERY


def _accept(cursor: Cursor, reading: Reading, polled: Polled, snapshot: Snapshot, pause: float) -> None:
    """Statuses, the deliveries they confirm, what could not be read and the cursor, all or nothing; a late reading
    changes nothing."""
    view = reading.subscription
    cursor.execute(MOVE, [polled.cursor, 0 if polled.more else pause, view.id, reading.token])
    if not cursor.rowcount:
        return
    strange.keep(cursor, [_unreadable(view, each) for each in polled.problems])
    numbers = [number for number, _ in (*polled.returned, *polled.posted, *polled.refused)]
    if not numbers:
        return
    cases = _cases(cursor, view, numbers)
    engine.lock(cursor, [claim.subject for claim in cases.values()])
    events: list[Event] = []
    strangers: list[Strange] = []
    for external_id, status in polled.returned:
        claim = cases.get(external_id)
        if claim is None:
            strangers.append(_stranger(view, external_id, status))
            continue
        try:
            events += _events(view, claim, external_id, status)
        except RefusedError as error:
            strangers.append(_stranger(view, external_id, status, claim, str(error)))
        except ValueError as error:
            strangers.append(_stranger(view, external_id, status, claim, type(error).__name__))
        mailbox.confirm(cursor, claim, external_id, snapshot)
    for external_id, posted in polled.posted:
        told = _message(view, cases.get(external_id), external_id, posted)
        if isinstance(told, Event):
            events.append(told)
        else:
            strangers.append(told)
    for external_id, words in polled.refused:
        if external_id in cases:
            mailbox.refuse(cursor, cases[external_id], words, snapshot)
        else:
            strangers.append(_unreadable(view, Problem(external_id, words)))
    strange.keep(cursor, strangers)
    if events:
        publication.publish(cursor, events, snapshot)


def _cases(cursor: Cursor, view: SubscriptionView, external_ids: list[str]) -> dict[str, Claim]:
    cursor.execute(CASES, [view.application.id, external_ids])
    return {row[0]: Claim(*row[1:]) for row in cursor.fetchall()}


def _events(view: SubscriptionView, claim: Claim, external_id: str, status: Returned) -> list[Event]:
    """Raises RefusedError for what the contract refuses, ValueError for what makes no event at all."""
    original = stored.read(claim.payload)
    events = returned.events([status], original, view.application, key=_key(view, external_id), external_id=external_id)
    wrong = [f"{one.pointer}: {one.detail}" for event in events for one in schemas.violations(event)]
    if wrong:
        raise RefusedError("; ".join(wrong[:5]))
    return events


def _message(view: SubscriptionView, claim: Claim | None, external_id: str, posted: Posted) -> Event | Strange:
    """A message to the person as an event; what the contract refuses, or of no known case, is for an operator."""
    why = LOST_MESSAGE
    if claim is not None:
        event = returned.message(posted, stored.read(claim.payload), view.application, key=_key(view, external_id))
        wrong = [f"{one.pointer}: {one.detail}" for one in schemas.violations(event)]
        if not wrong:
            return event
        why = "; ".join(wrong[:5])
    return _unreadable(view, Problem(external_id, why, posted.id))


def _key(view: SubscriptionView, external_id: str) -> str:
    return f"{view.application.slug}/{external_id}"


def _unreadable(view: SubscriptionView, problem: Problem) -> Strange:
    return Strange(
        view.application,
        strange.UNREADABLE,
        "",
        key=problem.key,
        external_id=problem.name,
        subscription_id=view.id,
        detail=problem.message,
    )


def _stranger(
    view: SubscriptionView, external_id: str, status: Returned, claim: Claim | None = None, why: str = ""
) -> Strange:
    return Strange(
        view.application,
        strange.REFUSED if claim else strange.UNKNOWN_CASE,
        str(status.status),
        status,
        _key(view, external_id),
        external_id,
        view.id,
        claim.id if claim else None,
        claim.message_id if claim else None,
        why,
    )
