"""Asks the broker for offers, subscription by subscription, never for more than the worker has room for.

nats-py's own `fetch` waits for a full batch or the end of its time; here each offer counts as soon as it is there.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from etoile.hub.delivery.engine.base import Ready, Share
from etoile.hub.delivery.engine.nats import broker
from etoile.hub.delivery.engine.nats.broker import Address
from etoile.hub.delivery.engine.nats.relay import Relay

log = structlog.get_logger("etoile.hub.worker")

EXPIRES = 5.0
GRACE = 1.0
EVERY = 1.0
AGAIN = 0.5
# A share not asked for that long is not pulled for any more.
STALE = 2.5
REQUEST_ENDED = "408"


@dataclass(slots=True)
class Offered:
    """What a worker was offered: `reply` is where it says what it did of it."""

    id: UUID
    subscription_id: int
    reply: str
    at: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class _Line:
    """One subscription: what came and was not taken, and the request in progress."""

    room: int = 0
    asked: float = 0.0
    bound: bool = False
    number: int = 0
    left: int = 0
    ends: float = 0.0
    came: deque[Offered] = field(default_factory=deque)

    def missing(self, now: float) -> int:
        """How many more to ask for; none while a request is in progress."""
        if (self.left and now < self.ends) or now > self.asked + STALE:
            return 0
        return max(0, self.room - len(self.came))


class Pulls:
    """The offers of one worker. `take` never waits; `ready` is called when something came."""

    def __init__(self, address: Address, relay: Relay, ready: Ready) -> None:
        self._address = address
        self._relay = relay
        self._ready = ready
        self._lines: dict[int, _Line] = {}
        self._some = asyncio.Event()
        self._inbox = ""

    def take(self, shares: Sequence[Share]) -> list[Offered]:
        """What came for these shares, at most one lane for each place; and more is asked for."""
        now, taken = time.monotonic(), []
        for share in shares:
            line = self._lines.setdefault(share.subscription_id, _Line())
            line.room, line.asked = share.room, now
            while line.came and line.came[0].at < now - self._address.ack_wait:
                line.came.popleft()  # the broker has given it to another by now
            count = min(share.room, len(line.came))
            taken += [line.came.popleft() for _ in range(count)]
            line.room -= count
        self._some.set()
        return taken

    def put_back(self, offered: Sequence[Offered]) -> None:
        """These could not be lent for now."""
        for each in offered:
            self._lines[each.subscription_id].came.appendleft(each)

    async def run(self, client: Client) -> None:
        """Until cancelled, whatever the broker does: elections, deleted consumers, servers that do not answer."""
        self._inbox = client.new_inbox()
        await client.subscribe(f"{self._inbox}.*.*", cb=self._came)
        # A second subscription is not needed: an offer comes under its own subject to the same address.
        self.start_again()
        while True:
            try:
                await self._ask(client)
            except Exception as error:
                log.warning("worker.pulling_failed", error=type(error).__name__)
                await asyncio.sleep(AGAIN)
            self._some.clear()
            try:
                async with asyncio.timeout(EVERY):
                    await self._some.wait()
            except TimeoutError:
                pass

    def start_again(self) -> None:
        """After a loss of the connection, no request is known to be in progress."""
        for line in self._lines.values():
            line.left, line.bound = 0, False
        self._some.set()

    async def _ask(self, client: Client) -> None:
        if not client.is_connected:
            return
        for subscription_id, line in list(self._lines.items()):
            missing = line.missing(time.monotonic())
            if not missing:
                continue
            if line.left:
                # Our own clock ended the last request: whoever should have answered may be gone.
                line.bound = False
            if not line.bound:
                if await broker.ensure_stream(client, self._address):
                    await self._relay.forget()
                    self._ready(None)
                await broker.ensure_consumer(client, self._address, subscription_id)
                line.bound = True
            line.number += 1
            line.left, line.ends = missing, time.monotonic() + EXPIRES + GRACE
            await client.publish(
                f"$JS.API.CONSUMER.MSG.NEXT.{self._address.stream}.{self._address.consumer(subscription_id)}",
                json.dumps({"batch": missing, "expires": int(EXPIRES * 1e9)}).encode(),
                reply=f"{self._inbox}.{subscription_id}.{line.number}",
            )

    async def _came(self, message: Msg) -> None:
        status = (message.headers or {}).get("Status")
        if status is not None:
            self._ended(message.subject, status)
            return
        try:
            subscription_id = int(message.subject.rpartition(".")[2])
            offered = Offered(UUID(message.data.decode()), subscription_id, message.reply)
        except ValueError:
            log.warning("worker.offer_unreadable")
            return
        line = self._lines.setdefault(subscription_id, _Line())
        line.left = max(0, line.left - 1)
        line.came.append(offered)
        self._ready([subscription_id])

    def _ended(self, subject: str, status: str) -> None:
        """A request ended: its time is over, or there is nobody to answer it, and all is made sure of again."""
        _, subscription_id, number = subject.rsplit(".", 2)
        line = self._lines[int(subscription_id)]
        if line.number != int(number):
            return
        line.left = 0
        line.bound = line.bound and status == REQUEST_ENDED
        self._some.set()
