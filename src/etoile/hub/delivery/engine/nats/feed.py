"""The engine with NATS, and the feed of one of its workers."""

import asyncio
import contextlib
import json
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from nats.aio.client import Client

from etoile.hub.delivery.engine.base import Claim, DeliveryEngine, Feed, Ready, Share, Transact
from etoile.hub.delivery.engine.nats import broker, offers
from etoile.hub.delivery.engine.nats.broker import Address
from etoile.hub.delivery.engine.nats.pulls import Offered, Pulls
from etoile.hub.delivery.engine.nats.relay import Relay
from etoile.hub.delivery.engine.postgres import PostgresEngine

log = structlog.get_logger("etoile.hub.worker")

TAKEN = b"+ACK"
LATER = b"-NAK " + json.dumps({"delay": 1_000_000_000}).encode()


class NatsEngine(PostgresEngine):
    """The record is PostgreSQL's, word for word; only the way to the workers is another."""

    def __init__(self, address: Address) -> None:
        self.address = address

    def feed(self, worker: str, *, claiming: Transact, offering: Transact, ready: Ready) -> Feed:
        return NatsFeed(self, self.address, worker, claiming=claiming, offering=offering, ready=ready)


class NatsFeed:
    """Lends what the broker offered, and has what is due offered. See `base.Feed`."""

    def __init__(
        self,
        engine: DeliveryEngine,
        address: Address,
        worker: str,
        *,
        claiming: Transact,
        offering: Transact,
        ready: Ready,
    ) -> None:
        self._engine = engine
        self._address = address
        self._worker = worker
        self._claiming = claiming
        self._relay = Relay(address, offering)
        self._pulls = Pulls(address, self._relay, ready)
        self._client: Client | None = None

    async def claim(self, shares: Sequence[Share], *, run: int, most: int) -> list[Claim]:
        offered = self._pulls.take(shares)
        self._relay.ask(shares)
        if not offered:
            return []
        try:
            claims, again = await self._claiming(partial(self._lend, offered, shares, run, most))
        except Exception:
            self._pulls.put_back(offered)
            raise
        await self._answer(offered, again)
        return claims

    async def run(self) -> None:
        while True:
            try:
                await self._serve()
            except Exception as error:
                log.warning("worker.broker_away", error=type(error).__name__)
            await asyncio.sleep(broker.AGAIN)

    async def _serve(self) -> None:
        """While the connection lives, which mends itself after any loss but a refusal."""
        closed = asyncio.Event()

        async def lost() -> None:
            closed.set()

        async def back() -> None:
            self._pulls.start_again()

        client = await broker.connect(self._address, name=self._worker, lost=lost, back=back)
        self._client = client
        works = [asyncio.create_task(work(client)) for work in (self._relay.run, self._pulls.run)]
        try:
            await closed.wait()
        finally:
            self._client = None
            for task in works:
                task.cancel()
            await asyncio.gather(*works, return_exceptions=True)
            await client.close()

    def _lend(
        self, offered: Sequence[Offered], shares: Sequence[Share], run: int, most: int, cursor: Any
    ) -> tuple[list[Claim], set[UUID]]:
        concerned = {each.subscription_id for each in offered}
        ids = list({each.id for each in offered})
        claims = self._engine.claim(
            cursor,
            self._worker,
            [share for share in shares if share.subscription_id in concerned],
            run=run,
            most=most,
            among=ids,
        )
        left = set(ids) - {claim.id for claim in claims}
        return claims, offers.still_due(cursor, list(left)) if left else set()

    async def _answer(self, offered: Sequence[Offered], again: set[UUID]) -> None:
        """What is lent, or is not to be lent any more, is done with for the broker; the rest comes back in a moment."""
        client = self._client
        if client is None:
            return
        for each in offered:
            # An answer that is lost costs an offer made twice.
            with contextlib.suppress(Exception):
                await client.publish(each.reply, LATER if each.id in again else TAKEN)
