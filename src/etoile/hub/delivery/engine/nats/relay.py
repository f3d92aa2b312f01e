"""Offers to the broker what is due in PostgreSQL. Every worker has one; they share the work."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

import structlog
from nats.aio.client import Client
from nats.js.api import Header

from etoile.hub.delivery.engine.base import Share, Transact
from etoile.hub.delivery.engine.nats import broker, offers
from etoile.hub.delivery.engine.nats.broker import ANSWER_SECONDS, Address
from etoile.hub.delivery.engine.nats.offers import Offer

log = structlog.get_logger("etoile.hub.worker")

AGAIN = 0.5
BREATH = 0.003
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Relay:
    """Marks, then publishes. Killed between the two, what was marked is offered again after the patience."""

    def __init__(self, address: Address, offering: Transact) -> None:
        self._address = address
        self._offering = offering
        self._asked: dict[int, Share] = {}
        self._some = asyncio.Event()
        self._since = EVER

    def ask(self, shares: Iterable[Share]) -> None:
        """A worker has room for these: what is due for them is to be offered."""
        self._asked.update({share.subscription_id: share for share in shares})
        self._some.set()

    async def run(self, client: Client) -> None:
        """Until cancelled, whatever the broker or the database do."""
        while True:
            await self._some.wait()
            self._some.clear()
            if not client.is_connected:
                await asyncio.sleep(AGAIN)
                continue
            shares, self._asked = list(self._asked.values()), {}
            try:
                said = await self._turn(client, shares)
            except Exception as error:
                log.warning("worker.offering_failed", error=type(error).__name__)
                await asyncio.sleep(AGAIN)
            else:
                if said >= offers.MOST:
                    self.ask(shares)
                await asyncio.sleep(BREATH)

    async def forget(self) -> None:
        """The broker lost everything: what was offered until now is to be offered again."""
        self._since = await self._offering(offers.clock)

    async def _turn(self, client: Client, shares: Sequence[Share]) -> int:
        marked = await self._offering(
            partial(offers.mark, shares=shares, patience=self._address.patience, since=self._since)
        )
        unsaid = await self._publish(client, marked)
        if unsaid:
            # Perhaps the stream is not there any more. Perhaps it has them all the same: the same name is said once.
            try:
                if await broker.ensure_stream(client, self._address):
                    await self.forget()
                unsaid = await self._publish(client, unsaid)
            finally:
                if unsaid:
                    await self._offering(partial(offers.unmark, unsaid=unsaid))
        if unsaid:
            raise ConnectionError(f"{len(unsaid)} offers were not taken by the broker")
        return len(marked)

    async def _publish(self, client: Client, marked: Sequence[Offer]) -> list[Offer]:
        """All at once, then their receipts. Returns those without one."""
        js = client.jetstream(timeout=ANSWER_SECONDS)
        said = await asyncio.gather(
            *(
                js.publish(
                    self._address.subject(offer.subscription_id),
                    str(offer.id).encode(),
                    headers={Header.MSG_ID: f"{offer.id}:{offer.offered_at.timestamp()}"},
                )
                for offer in marked
            ),
            return_exceptions=True,
        )
        return [offer for offer, receipt in zip(marked, said, strict=True) if isinstance(receipt, BaseException)]
