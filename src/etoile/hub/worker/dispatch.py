"""Who is served next: each subscription has its own share of the worker, so a slow application slows itself alone."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from uuid import UUID

import structlog

from etoile.hub.delivery import engine
from etoile.hub.delivery.admission import Admitted, admit, unused
from etoile.hub.delivery.done import Done
from etoile.hub.delivery.engine import Claim, Share
from etoile.hub.registry import directory
from etoile.hub.registry.directory import Snapshot, SubscriptionView
from etoile.hub.worker.attempts import attempt
from etoile.hub.worker.calls import Calls
from etoile.hub.worker.database import Database
from etoile.hub.worker.lane import Lane
from etoile.hub.worker.settling import Settler

log = structlog.get_logger("etoile.hub.worker")

RUN = 20
MOST = 512
CAPACITY = 256
EVERY = 1.0
BREATH = 0.002
BACKLOG = 4 * MOST


class Dispatcher:
    """Claims what is due within the room each subscription has left, and runs the lanes."""

    def __init__(self, name: str, database: Database, offering: Database, calls: Calls, settler: Settler) -> None:
        self._database = database
        self._calls = calls
        self._settler = settler
        self._lanes: dict[asyncio.Task[None], Lane] = {}
        self._busy: Counter[int] = Counter()
        self._ready: set[int] = set()
        self._all = True
        self._wake = asyncio.Event()
        self._looked = 0.0
        self._later: dict[int, float] = {}
        self._probes: dict[UUID, int] = {}
        self.snapshot: Snapshot | None = None
        self.stopping = False
        self.feed = engine.feed(name, claiming=database.run, offering=offering.run, ready=self.wake)

    def wake(self, subscriptions: Iterable[int] | None = None) -> None:
        """Something is due for these subscriptions; None: perhaps for any."""
        if subscriptions is None:
            self._all = True
        else:
            self._ready.update(subscriptions)
        self._wake.set()

    def stop(self) -> None:
        """No claim any more; each lane ends after the call in progress."""
        self.stopping = True
        for lane in self._lanes.values():
            lane.stopping = True
        self._wake.set()

    async def run(self) -> None:
        while not self.stopping:
            started = time.monotonic()
            try:
                claimed = await self._turn()
            except Exception as error:
                log.warning("worker.claim_failed", error=type(error).__name__)
                self._all = True
                await asyncio.sleep(EVERY)
                continue
            # A breath as long as the claim lets a batch form: results come together, the next claim takes many lanes.
            await asyncio.sleep(max(BREATH, time.monotonic() - started)) if claimed else await self._sleep()

    async def finish(self, seconds: float) -> None:
        """Wait for the lanes; those still in a call after `seconds` are cut, and their leases end by themselves."""
        if self._lanes:
            _, late = await asyncio.wait(self._lanes, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def keep_leases(self) -> None:
        """Push on the leases of what is in progress, well before they end."""
        while True:
            await asyncio.sleep(EVERY)
            lanes = [lane for lane in self._lanes.values() if lane.needs_more]
            by_lease: dict[float, list[Lane]] = {}
            for lane in lanes:
                by_lease.setdefault(lane.subscription.policy.lease, []).append(lane)
            for lease, group in by_lease.items():
                await self._extend(group, lease)

    async def _turn(self) -> bool:
        """One claim. True if it brought something."""
        self._ask_again()
        if self._all or time.monotonic() - self._looked > EVERY:
            await self._look()
        shares = self._shares()
        if not shares:
            return False
        asked = {share.subscription_id for share in shares}
        # Taken out before the claim: what becomes due while it runs puts its subscription in again.
        self._ready -= asked
        try:
            admitted = await self._admit(shares)
            claims = await self._claim(admitted)
        except Exception:
            self._ready |= asked
            raise
        lanes = Counter(subscription_id for subscription_id, _ in {claim.lane for claim in claims})
        full = {share.subscription_id for share in admitted.shares if lanes[share.subscription_id] >= share.room}
        self._ready |= asked - admitted.waits.keys() if len(claims) >= MOST else full
        self._start(claims)
        return bool(claims)

    async def _admit(self, shares: list[Share]) -> Admitted:
        """Without what an open circuit or a rate keeps back: it is asked for again in its time."""
        snapshot = self._known()
        admitted = await self._database.run(
            lambda cursor: admit(cursor, shares, snapshot.subscriptions, version=snapshot.version)
        )
        now = time.monotonic()
        self._later.update({each: now + wait for each, wait in admitted.waits.items() if wait < EVERY})
        return admitted

    async def _claim(self, admitted: Admitted) -> list[Claim]:
        claims = await self.feed.claim(admitted.shares, run=RUN, most=MOST) if admitted.shares else []
        if admitted.probes or admitted.reserved:
            self._probes |= {
                claim.id: admitted.probes[claim.subscription_id]
                for claim in claims
                if claim.subscription_id in admitted.probes
            }
            try:
                await self._database.run(lambda cursor: unused(cursor, admitted, claims))
            except Exception as error:
                # What was lent comes back by itself; what was claimed must be sent.
                log.warning("worker.not_given_back", error=type(error).__name__, count=len(admitted.shares))
        return claims

    async def _look(self) -> None:
        """Read the registry if it changed, and think every subscription may have something due."""
        self._all, self._looked = False, time.monotonic()
        snapshot = await self._database.run(directory.current)
        self.snapshot = self._settler.snapshot = snapshot
        self._ready |= set(snapshot.subscriptions)

    def _shares(self) -> list[Share]:
        snapshot = self.snapshot
        if snapshot is None or self._settler.depth > BACKLOG:
            return []
        asked = self._ready - self._settler.failing
        known = [snapshot.subscriptions[each] for each in asked if each in snapshot.subscriptions]
        served = [view for view in known if view.active and not view.pull]
        rooms = zip(served, self._rooms(snapshot, served), strict=True)
        return [Share(view.id, room, view.ordered, view.policy.lease) for view, room in rooms if room > 0]

    def _rooms(self, snapshot: Snapshot, served: list[SubscriptionView]) -> Iterator[int]:
        """Lanes to ask for: none until half of the share is free, so that a claim is worth its price.

        Half of the capacity is everyone's own, in equal parts. Who has more to do borrows from the other half, never
        more than half of what the others leave of it, be it at once or little by little: an application that answers
        to nothing cannot take it all.
        """
        everyone = sum(view.active and not view.pull for view in snapshot.subscriptions.values())
        own = max(1, CAPACITY // 2 // max(1, everyone))
        left = CAPACITY // 2 - sum(max(0, busy - own) for busy in self._busy.values())
        for view in served:
            busy = self._busy[view.id]
            borrowed = max(0, busy - own)
            share = min(view.policy.concurrency, own + max(0, left + borrowed) // 2)
            room = share - busy if (share - busy) * 2 >= share else 0
            left -= max(0, busy + room - own) - borrowed
            yield room

    def _start(self, claims: list[Claim]) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        for (subscription_id, _), run in groupby(sorted(claims, key=_by_lane), key=lambda claim: claim.lane):
            lane = Lane(list(run), snapshot.subscription(subscription_id))
            lane.stopping = self.stopping
            self._busy[subscription_id] += 1
            task = asyncio.create_task(lane.run(self._attempt, self._settler.add))
            self._lanes[task] = lane
            task.add_done_callback(self._ended)

    async def _attempt(self, claim: Claim, subscription: SubscriptionView) -> Done:
        probe = self._probes.pop(claim.id, None)
        done = await attempt(claim, subscription, self._known(), self._calls)
        return done if probe is None else replace(done, probe=probe)

    def _known(self) -> Snapshot:
        if self.snapshot is None:
            raise RuntimeError("no claim comes before the registry was read")
        return self.snapshot

    def _ended(self, task: "asyncio.Task[None]") -> None:
        lane = self._lanes.pop(task)
        self._busy[lane.subscription.id] -= 1
        if not task.cancelled() and task.exception() is not None:
            log.error("worker.lane_failed", error=type(task.exception()).__name__, subscription=lane.subscription.slug)
        if lane.subscription.id in self._ready:
            self._wake.set()

    async def _extend(self, lanes: list[Lane], lease: float) -> None:
        claims = [claim for lane in lanes for claim in lane.held]
        try:
            kept = await self._database.run(lambda cursor: engine.extend(cursor, claims, lease))
        except Exception as error:
            log.warning("worker.leases_not_extended", error=type(error).__name__, count=len(claims))
            return
        for lane in lanes:
            lane.extended(kept)

    async def _sleep(self) -> None:
        soonest = min(self._later.values(), default=float("inf")) - time.monotonic()
        try:
            async with asyncio.timeout(max(BREATH, min(EVERY, soonest))):
                await self._wake.wait()
        except TimeoutError:
            self._all = soonest > EVERY
        self._wake.clear()

    def _ask_again(self) -> None:
        """What was turned away, and whose moment has come."""
        now = time.monotonic()
        due = {each for each, moment in self._later.items() if moment <= now}
        self._ready |= due
        self._later = {each: moment for each, moment in self._later.items() if each not in due}


def _by_lane(claim: Claim) -> tuple[int, str, int]:
    return (*claim.lane, claim.position)
