"""What keeps the hub right without anyone asking: applications asked, what is switched off held, jobs of the clock."""

import asyncio
import time
from collections.abc import Callable

import structlog

from etoile.hub.delivery import engine, quarantine
from etoile.hub.registry import directory
from etoile.hub.registry.directory import Snapshot
from etoile.hub.watch.rounds import Rounds
from etoile.hub.worker.database import Cursor, Database
from etoile.hub.worker.polling import Poller

log = structlog.get_logger("etoile.hub.worker")

EVERY = 1.0
FOLLOW_ALL_EVERY = 30.0
# News that overtook an acknowledgement wait for it no longer than that.
CATCH_UP_EVERY = 5.0

# One worker at a time; the others pass.
ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('hub.worker.housekeeping', 0))"


class Housekeeping:
    """Small rounds, on a connection of their own so that they delay no claim; longer ones in threads of their own."""

    def __init__(
        self,
        worker: str,
        database: Database,
        poller: Poller,
        snapshot: Callable[[], Snapshot | None],
        woken: Callable[[], None],
    ) -> None:
        self._database = database
        self._poller = poller
        self._snapshot = snapshot
        self._woken = woken
        self._rounds = Rounds(worker)
        self._off: frozenset[int] | None = None
        self._followed = self._caught_up = 0.0

    async def run(self) -> None:
        self._rounds.start()
        while True:
            snapshot = self._snapshot()
            if snapshot is not None:
                await self._round(snapshot)
            await asyncio.sleep(EVERY if snapshot is not None else 0.05)

    async def finish(self, seconds: float) -> None:
        """Let the jobs in progress end, for at most `seconds`."""
        await asyncio.to_thread(self._rounds.stop, seconds)

    async def _round(self, snapshot: Snapshot) -> None:
        try:
            await self._poller.turn(snapshot)
            if await self._database.run(lambda cursor: self._keep(cursor, snapshot)):
                self._woken()
        except Exception as error:
            log.warning("worker.round_failed", error=type(error).__name__)

    def _keep(self, cursor: Cursor, snapshot: Snapshot) -> int:
        """Returns how many deliveries may leave that could not before."""
        cursor.execute(ALONE)
        row = cursor.fetchone()
        if row is None or not row[0]:
            return 0
        now = time.monotonic()
        if now - self._followed > FOLLOW_ALL_EVERY:
            # Also what an acceptance, reading the registry just before it changed, held or let go by mistake.
            self._off, self._followed = None, now
        if now - self._caught_up > CATCH_UP_EVERY:
            self._caught_up = now
            quarantine.catch_up(cursor, snapshot)
        return self._follow_registry(cursor, snapshot)

    def _follow_registry(self, cursor: Cursor, snapshot: Snapshot) -> int:
        """Hold what waits for a subscription switched off, release it when it is on again."""
        seen = {view.id for view in snapshot.subscriptions.values() if not view.active}
        doubtful = set(snapshot.subscriptions) if self._off is None else seen | self._off
        off = frozenset(directory.switched_off(cursor, doubtful)) if doubtful else frozenset()
        if off:
            engine.hold(cursor, sorted(off))
        on_again = sorted(doubtful - off)
        self._off = off
        return engine.release(cursor, on_again) if on_again else 0
