"""The worker process: its parts, started together and stopped in order."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Mapping
from uuid import uuid4

import structlog
from django.conf import settings

from etoile.hub.worker.calls import Calls
from etoile.hub.worker.database import Database
from etoile.hub.worker.dispatch import Dispatcher
from etoile.hub.worker.housekeeping import Housekeeping
from etoile.hub.worker.polling import Poller
from etoile.hub.worker.settling import Settler
from etoile.hub.worker.wakeup import listen
from etoile.sdk import Connector, Door, MailDoor
from etoile.sdk.connector import discover
from etoile.sdk.mail import smtp

log = structlog.get_logger("etoile.hub.worker")

GRACE = 20.0
LAST_WORDS = 10.0


def worker_name() -> str:
    """Unlike any other, also on another machine and after a restart."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


class Worker:
    """Claims, calls connectors and settles until it is stopped. `connectors` replaces the installed ones, in tests."""

    def __init__(self, connectors: Mapping[str, Connector] | None = None) -> None:
        self.name = worker_name()
        door = Door(settings.HUB_ALLOWED_PRIVATE_ADDRESSES, folders=settings.HUB_ALLOWED_FOLDERS)
        self._calls = Calls.make(
            discover() if connectors is None else connectors, door, MailDoor(smtp(settings.HUB_SMTP_URL))
        )
        self._databases = [Database(name) for name in ("claim", "offer", "settle", "keep")]
        claiming, offering, settling, keeping = self._databases
        self._settler = Settler(settling, self._woken)
        self.dispatcher = Dispatcher(self.name, claiming, offering, self._calls, self._settler)
        self._poller = Poller(keeping, self._calls)
        self._housekeeping = Housekeeping(
            self.name, keeping, self._poller, lambda: self.dispatcher.snapshot, lambda: self.dispatcher.wake(None)
        )

    def _woken(self, subscriptions: set[int] | None) -> None:
        self.dispatcher.wake(subscriptions)

    def stop(self) -> None:
        """Stop claiming; what is being sent ends, the rest is given back."""
        self.dispatcher.stop()

    async def run(self) -> None:
        """Until `stop`, SIGTERM or SIGINT."""
        self._catch_signals()
        log.info("worker.started", worker=self.name, count=len(self._calls.connectors))
        settling = asyncio.create_task(self._settler.run())
        aside = [
            asyncio.create_task(work)
            for work in (
                listen(self._woken),
                self.dispatcher.keep_leases(),
                self.dispatcher.feed.run(),
                self._housekeeping.run(),
            )
        ]
        try:
            await self.dispatcher.run()
            await self.dispatcher.finish(GRACE)
            await self._poller.finish(1.0)
        finally:
            await self._end(settling, aside)
            log.info("worker.stopped", worker=self.name)

    async def _end(self, settling: "asyncio.Task[None]", aside: list["asyncio.Task[None]"]) -> None:
        self._settler.end()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS):
                await settling
        for task in aside:
            task.cancel()
        await asyncio.gather(*aside, return_exceptions=True)
        await self._housekeeping.finish(LAST_WORDS)
        await self._calls.http.close()
        for database in self._databases:
            await database.close()

    def _catch_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            # Outside the main thread (tests) there is no signal to catch.
            with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
                loop.add_signal_handler(number, self.stop)
