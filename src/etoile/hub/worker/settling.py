"""Results wait ten milliseconds for each other, then are recorded together."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable

import structlog

from etoile.hub.delivery.circuits import verdict
from etoile.hub.delivery.done import Done
from etoile.hub.delivery.engine import Settled
from etoile.hub.delivery.settlement import settle, settle_alone
from etoile.hub.registry.directory import Snapshot
from etoile.hub.worker.database import PASSING, Cursor, Database

log = structlog.get_logger("etoile.hub.worker")

# A transaction for a few results costs the database and this process a tenth more than one for many; what waits is only
# the delivery that follows in its lane, outside its run.
GATHER = 0.01
MOST = 400
AGAIN = 0.5


class Settler:
    """Records results in batches, until it is done; what cannot be recorded is kept and tried again.

    Several results of a lane may be in one batch: they are all successes but the last, so their order does not matter.
    `failing` are the subscriptions whose circuit may open with what is not recorded yet: nothing more is claimed for
    them before it is, so that an application that is down is called no more often on a slow database.
    """

    def __init__(self, database: Database, woken: Callable[[set[int] | None], None]) -> None:
        self._database = database
        self._woken = woken
        self._waiting: list[Done] = []
        self._failed: Counter[int] = Counter()
        self._some = asyncio.Event()
        self._ending = False
        self.snapshot: Snapshot | None = None

    def add(self, done: Done) -> None:
        self._waiting.append(done)
        self._failed.update(_failed([done]))
        self._some.set()

    @property
    def depth(self) -> int:
        return len(self._waiting)

    @property
    def failing(self) -> frozenset[int]:
        return frozenset(self._failed)

    async def run(self) -> None:
        while not (self._ending and not self._waiting):
            await self._some.wait()
            self._some.clear()
            if not self._ending:
                await asyncio.sleep(GATHER)
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._record(batch)

    def end(self) -> None:
        """`run` returns once everything given so far is recorded."""
        self._ending = True
        self._some.set()

    async def _record(self, batch: list[Done]) -> None:
        while True:
            try:
                settled = await self._database.run(lambda cursor: settle(cursor, batch, self._known()))
            except PASSING as error:
                # Leases and tokens make a second time harmless.
                log.warning("worker.settling_again", error=type(error).__name__, count=len(batch))
                await asyncio.sleep(AGAIN)
                continue
            except Exception:
                log.exception("worker.settling_failed", count=len(batch))
                settled = await self._one_by_one(batch)
            failed = _failed(batch)
            self._failed -= Counter(failed)
            if woken := settled.woken | set(failed):
                self._woken(set(woken))
            return

    async def _one_by_one(self, batch: list[Done]) -> Settled:
        """One bad result must not keep the others: each has its own transaction, and a last resort."""
        woken: set[int] = set()
        for done in batch:
            woken |= (await self._alone(done)).woken
        return Settled(woken=frozenset(woken))

    async def _alone(self, done: Done) -> Settled:
        try:
            return await self._database.run(lambda cursor: settle(cursor, [done], self._known()))
        except Exception as error:
            log.exception("worker.settled_without_events", delivery=str(done.result.claim.id))
            failure = error

        def last_resort(cursor: Cursor) -> Settled:
            return settle_alone(cursor, done, self._known(), failure)

        try:
            return await self._database.run(last_resort)
        except Exception:
            # The lease ends by itself and the delivery is tried again.
            log.exception("worker.not_settled", delivery=str(done.result.claim.id))
            return Settled()

    def _known(self) -> Snapshot:
        if self.snapshot is None:
            raise RuntimeError("nothing can be settled before the registry was read")
        return self.snapshot


def _failed(batch: Iterable[Done]) -> list[int]:
    """The subscription of each result that counts against its application."""
    return [each.subscription.id for each in batch if each.result.outcome and verdict(each.result).fails]
