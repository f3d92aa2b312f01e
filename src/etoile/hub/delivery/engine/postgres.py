"""The default engine: a claim loop on PostgreSQL.

The order of a lane (subscription, subject) rests on three things: positions are taken under the advisory lock of the
subject; a claim takes a delivery only when nothing of its lane before it is still open; the settling takes the same
locks, so that of a delivery being submitted and the one before it being settled, one always sees the other.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from psycopg.pq import TransactionStatus

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery.engine import statements
from etoile.hub.delivery.engine.base import (
    FIRST,
    INTERRUPTED,
    LAST,
    Claim,
    DeliveryEngine,
    Feed,
    Lane,
    Moved,
    NewDelivery,
    Ready,
    Result,
    Selection,
    Settled,
    Share,
    Span,
    SubscriptionStats,
    Transact,
)
from etoile.hub.delivery.schedule import LONGEST_WAIT
from etoile.hub.delivery.states import CANCELLABLE, REPLAYABLE, DeliveryState

CHANNEL = "delivery"


class DirectFeed:
    """Each claim looks into the table, where what is due already is. See `base.Feed`."""

    def __init__(self, engine: DeliveryEngine, worker: str, claiming: Transact) -> None:
        self._engine = engine
        self._worker = worker
        self._claiming = claiming

    async def claim(self, shares: Sequence[Share], *, run: int, most: int) -> list[Claim]:
        return await self._claiming(partial(self._engine.claim, worker=self._worker, shares=shares, run=run, most=most))

    async def run(self) -> None:
        """Nothing is needed beside the claims."""


def _row(rank: int, item: NewDelivery) -> dict[str, Any]:
    return {
        "rank": rank,
        "id": str(item.id),
        "message_id": str(item.message_id),
        "subscription_id": item.subscription_id,
        "application_id": item.application_id,
        "subject": item.subject,
        "held": item.held,
        "ordered": item.ordered,
        "doubtful": item.doubtful,
    }


class PostgresEngine:
    """See `base.DeliveryEngine`."""

    def feed(self, worker: str, *, claiming: Transact, offering: Transact, ready: Ready) -> Feed:
        return DirectFeed(self, worker, claiming)

    def submit(self, cursor: Any, items: Sequence[NewDelivery]) -> None:
        if not items:
            return
        _in_a_transaction(cursor)
        cursor.execute(statements.SUBMIT, {"items": orjson.dumps([_row(*each) for each in enumerate(items)]).decode()})

    def claim(
        self,
        cursor: Any,
        worker: str,
        shares: Sequence[Share],
        *,
        run: int = 20,
        most: int = 512,
        among: Sequence[UUID] | None = None,
    ) -> list[Claim]:
        if not shares:
            return []
        cursor.execute(
            statements.CLAIM if among is None else statements.CLAIM_AMONG,
            {
                "subscription_id": [share.subscription_id for share in shares],
                "room": [share.room for share in shares],
                "ordered": [share.ordered for share in shares],
                "lease": [share.lease for share in shares],
                "share_run": [share.run for share in shares],
                "worker": worker,
                "run": run,
                "most": most,
                **({} if among is None else {"among": list(among)}),
            },
        )
        rows = cursor.fetchall()
        self._cut(cursor, [(row[0], row[7] - 1, *row[11:]) for row in rows if row[12] is not None])
        return [Claim(*row[:11]) for row in rows]

    def settle(self, cursor: Any, results: Sequence[Result]) -> Settled:
        if not results:
            return Settled()
        self.lock(cursor, [result.claim.subject for result in results])
        cursor.execute(
            statements.SETTLE,
            {
                **_attempts(results),
                "token": [result.claim.token for result in results],
                "state": [str(result.state) for result in results],
                "delay": [result.delay for result in results],
                "external_id": [result.external_id for result in results],
                "spared": [_spared(result) for result in results],
            },
        )
        settled = frozenset(row[0] for row in cursor.fetchall())
        if len(settled) < len(results):
            self._late(cursor, [result for result in results if result.claim.id not in settled])
        return Settled(settled, self._promote(cursor, {result.claim.lane for result in results}))

    def extend(self, cursor: Any, claims: Sequence[Claim], lease: float) -> set[UUID]:
        ids, tokens = [claim.id for claim in claims], [claim.token for claim in claims]
        cursor.execute(statements.EXTEND, {"id": ids, "token": tokens, "lease": lease})
        return {row[0] for row in cursor.fetchall()}

    def hold(self, cursor: Any, subscriptions: Sequence[int]) -> int:
        cursor.execute(statements.HOLD, [list(subscriptions)])
        return int(cursor.rowcount)

    def release(self, cursor: Any, subscriptions: Sequence[int]) -> int:
        cursor.execute(statements.RELEASE, [list(subscriptions)])
        released = int(cursor.rowcount)
        if released:
            cursor.execute(statements.RECONCILE, {"every": False, "subscription_id": list(subscriptions)})
            self.notify(cursor, subscriptions)
        return released

    def waiting(self, cursor: Any, subscriptions: Sequence[int]) -> set[int]:
        cursor.execute(statements.WAITING, [list(subscriptions)])
        return {row[0] for row in cursor.fetchall()}

    def hasten(self, cursor: Any, subscriptions: Sequence[int], *, first: bool = False) -> None:
        cursor.execute(statements.HASTEN_FIRST if first else statements.HASTEN, [list(subscriptions)])
        if cursor.rowcount and not first:
            self.notify(cursor, subscriptions)

    def spare(self, cursor: Any, ids: Sequence[UUID]) -> None:
        cursor.execute(statements.SPARE, [list(ids)])

    def select(
        self,
        cursor: Any,
        selection: Selection,
        states: Sequence[DeliveryState],
        limit: int,
        *,
        after: UUID = FIRST,
        last: UUID = LAST,
    ) -> list[Moved]:
        values = {**_criteria(selection, states), "after": after, "last": last, "limit": limit}
        if not values["states"]:
            return []
        # What is named by its keys or its message is a handful, that its own index brings.
        walks = not selection.ids and selection.message_id is None
        cursor.execute(statements.WALK, {"sort": "off" if walks else "on"})
        cursor.execute(statements.slice_of(values["states"]), values)
        found = _moved(cursor.fetchall())
        cursor.execute(statements.WALK, {"sort": "on"})
        return found

    def span(self, cursor: Any, selection: Selection, states: Sequence[DeliveryState]) -> Span:
        cursor.execute(statements.SPAN, _criteria(selection, states))
        return Span(*cursor.fetchone())

    def replay(self, cursor: Any, ids: Sequence[UUID]) -> list[Moved]:
        cursor.execute(statements.REPLAY, {"ids": list(ids), "states": [str(state) for state in REPLAYABLE]})
        moved = _moved(cursor.fetchall())
        self._promote(cursor, {(each.subscription_id, each.subject) for each in moved})
        self.notify(cursor, [each.subscription_id for each in moved])
        return moved

    def cancel(self, cursor: Any, ids: Sequence[UUID], reason: str) -> list[Moved]:
        states = [str(state) for state in CANCELLABLE]
        cursor.execute(statements.CANCEL, {"ids": list(ids), "states": states, "reason": reason})
        rows = cursor.fetchall()
        moved = _moved(row[:8] for row in rows)
        self._cut(cursor, [(row[0], row[5], *row[8:]) for row in rows if row[7] == DeliveryState.LEASED])
        self._promote(cursor, {(each.subscription_id, each.subject) for each in moved})
        self.notify(cursor, [each.subscription_id for each in moved])
        return moved

    def stats(self, cursor: Any) -> list[SubscriptionStats]:
        cursor.execute(statements.STATS)
        return [SubscriptionStats(row[0], json.loads(row[1]), row[2]) for row in cursor.fetchall()]

    def reconcile(self, cursor: Any) -> int:
        cursor.execute(statements.RECONCILE, {"every": True, "subscription_id": []})
        return int(cursor.rowcount)

    def lock(self, cursor: Any, subjects: Sequence[str]) -> None:
        """Take the locks the acceptance takes, in the same order. Call it before reading what must not change."""
        cursor.execute(statements.LOCK, [list(subjects)])

    def notify(self, cursor: Any, subscriptions: Sequence[int]) -> None:
        if subscriptions:
            ids = ",".join(str(each) for each in sorted(set(subscriptions)))
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, ids if len(ids) < 7900 else ""])

    def _cut(self, cursor: Any, leases: Sequence[tuple[UUID, int, str, datetime]]) -> None:
        """Leave a trace of tries that will have no result: (delivery, number, worker, when it was lent)."""
        if leases:
            ids, numbers, workers, started = (list(column) for column in zip(*leases, strict=True))
            cursor.execute(
                statements.CUT,
                {"attempt_id": [uuid7() for _ in ids], "id": ids, "number": numbers, "worker": workers,
                 "started": started, "interrupted": INTERRUPTED},
            )  # fmt: skip

    def _late(self, cursor: Any, results: Sequence[Result]) -> None:
        """Results that move nothing: their attempts are completed. What was not tried still leaves none."""
        tried = [result for result in results if result.state != DeliveryState.PENDING]
        if tried:
            cursor.execute(statements.LATE, {**_attempts(tried), "interrupted": INTERRUPTED})

    def _promote(self, cursor: Any, lanes: set[Lane]) -> frozenset[int]:
        if not lanes:
            return frozenset()
        listed = sorted(lanes)
        cursor.execute(
            statements.PROMOTE,
            {"subscription_id": [lane[0] for lane in listed], "subject": [lane[1] for lane in listed]},
        )
        return frozenset(row[0] for row in cursor.fetchall())


def _in_a_transaction(cursor: Any) -> None:
    """Outside of one, the locks of the subjects are gone already, and a delivery could miss its turn."""
    connection = cursor.connection
    if connection.autocommit and connection.info.transaction_status == TransactionStatus.IDLE:
        raise RuntimeError("deliveries are submitted inside the transaction that accepts their message")


def _attempts(results: Sequence[Result]) -> dict[str, list[Any]]:
    """What the row of an attempt is made of, by column."""
    return {
        "attempt_id": [result.claim.attempt_id for result in results],
        "id": [result.claim.id for result in results],
        "number": [result.claim.number for result in results],
        "worker": [result.claim.worker for result in results],
        "took": [result.took for result in results],
        "outcome": [result.outcome for result in results],
        "message": [result.message for result in results],
        "detail": [result.detail for result in results],
        "http_status": [result.http_status for result in results],
        "exchange": [_json(result.exchange) for result in results],
    }


def _spared(result: Result) -> float | None:
    """Seconds during which the application asked to be left alone, a day at most."""
    return None if result.retry_after is None else min(result.retry_after, LONGEST_WAIT)


def _json(exchange: Mapping[str, Any] | None) -> str | None:
    return None if exchange is None else json.dumps(exchange, ensure_ascii=False, separators=(",", ":"))


def _criteria(selection: Selection, states: Sequence[DeliveryState]) -> dict[str, Any]:
    return {
        "states": [str(state) for state in states if not selection.states or state in selection.states],
        "any_id": not selection.ids,
        "ids": list(selection.ids),
        "message_id": selection.message_id,
        "subscription_id": selection.subscription_id,
        "application_id": selection.application_id,
        "subject": selection.subject,
        "since": selection.since,
        "until": selection.until,
        "words": selection.words,
    }


def _moved(rows: Iterable[Sequence[Any]]) -> list[Moved]:
    return [replace(Moved(*row), state=DeliveryState(row[-1])) for row in rows]
