"""Both engines for the tests: what one promises, the other must keep. Real servers, real commits."""

import asyncio
import contextlib
import time
from uuid import uuid4

import psycopg

from etoile.hub.delivery import engine
from etoile.hub.delivery.engine.nats import Address, NatsEngine
from etoile.hub.delivery.engine.postgres import PostgresEngine
from etoile.hub.worker import dispatch, housekeeping
from etoile.hub.worker.database import conninfo

LONGEST = 20.0


def nats_engine(server, **values):
    """An engine on this server that shares nothing with another test's."""
    return NatsEngine(Address((server.url,), instance=f"t{uuid4().hex[:12]}", **{"ack_wait": 1.0, **values}))


class Direct:
    """Claims of the default engine, in the transaction of the test."""

    def __init__(self, cursor):
        self._cursor = cursor

    def claim(self, worker, shares, **options):
        return PostgresEngine().claim(self._cursor, worker, shares, **options)


class Brought:
    """Claims of what the broker brings: offered by the relay, pulled, lent, all through the feed of a worker.

    A claim waits until what PostgreSQL would lend has come, no more and no less: the tests then say what that is.
    """

    def __init__(self, chosen):
        self._connection = psycopg.connect(conninfo(), autocommit=True)
        self.cursor = self._connection.cursor()
        self._runner = asyncio.Runner()
        self._came = asyncio.Event()
        self.feed = chosen.feed("w", claiming=self._run, offering=self._run, ready=lambda _ids: self._came.set())
        self._running = self._runner.run(self._start())

    def claim(self, worker, shares, **options):
        expected = self._would(worker, shares, options)
        self.feed._worker = worker
        return self._runner.run(self._gather(len(expected), shares, {"run": 20, "most": 512, **options}))

    def close(self):
        self._runner.run(self._stop())
        self._runner.close()
        self._connection.close()

    def _would(self, worker, shares, options):
        with self._connection.transaction(force_rollback=True), self._connection.cursor() as cursor:
            return PostgresEngine().claim(cursor, worker, shares, **options)

    async def _run(self, work):
        with self._connection.transaction(), self._connection.cursor() as cursor:
            return work(cursor)

    async def _gather(self, expected, shares, options):
        claims, end = await self.feed.claim(shares, **options), time.monotonic() + LONGEST
        while len(claims) < expected:
            assert time.monotonic() < end, f"{len(claims)} of {expected} came"
            self._came.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await self._came.wait()
            claims += await self.feed.claim(shares, **options)
        return sorted(claims, key=lambda claim: (claim.subscription_id, claim.position))

    async def _start(self):
        return asyncio.create_task(self.feed.run())

    async def _stop(self):
        self._running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running


def submit(cursor, items):
    """As an acceptance does: inside a transaction."""
    with cursor.connection.transaction():
        engine.submit(cursor, items)


def use(monkeypatch, chosen):
    """Every worker that starts from now on, in this process, is fed by this engine."""
    monkeypatch.setattr(engine, "feed", chosen.feed)


def look_sooner(change):
    """What a worker looks at each second, it looks at five times as often: the tests wait as much less."""
    change(dispatch, "EVERY", 0.2)
    change(housekeeping, "EVERY", 0.2)
    change(housekeeping, "CATCH_UP_EVERY", 1.0)


def empty():
    with psycopg.connect(conninfo(), autocommit=True) as connection:
        # Not TRUNCATE, which would wait for the transaction of a test that only reads.
        connection.execute("DELETE FROM delivery_attempt; DELETE FROM delivery_delivery")
