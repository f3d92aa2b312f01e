"""Asynchronous work in a web process whose views are synchronous: one event loop in a thread of its own.

A view waits for the answer, so it holds one of the few threads that serve pages. At most a quarter of them may wait at
once; the next one is told to come back (503), and pages go on. The caller releases its database connection first.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

WEB_THREADS: Final = 8
RETRY_AFTER: Final = 5
# Beyond the deadline of the work itself: a loop that does not even cancel in that time is stuck.
PATIENCE: Final = 2.0

T = TypeVar("T")


class BusyError(Exception):
    """As many threads as allowed are waiting already."""


class Background:
    """`places`: how many callers may wait at once. The loop starts with the first call, and is shared."""

    def __init__(self, name: str, places: int = max(1, WEB_THREADS // 4)) -> None:
        self._name = name
        self._places = threading.BoundedSemaphore(places)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, work: Callable[[], Awaitable[T]], *, seconds: float) -> T:
        """What `work` gives, or raises. TimeoutError when it has not ended in time; it is cancelled. BusyError."""
        if not self._places.acquire(blocking=False):
            raise BusyError(self._name)
        try:
            loop = self._running()
            future = asyncio.run_coroutine_threadsafe(_within(work, seconds), loop)
            try:
                return future.result(seconds + PATIENCE)
            except TimeoutError:
                if not future.done():
                    future.cancel()
                    self._leave(loop)
                raise
        finally:
            self._places.release()

    def close(self) -> None:
        """Ends the loop; a later call starts another one."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(loop.stop)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_serve, args=[self._loop], name=self._name, daemon=True).start()
            return self._loop

    def _leave(self, loop: asyncio.AbstractEventLoop) -> None:
        """Work that blocks the loop must not block those who come after: they get a new one."""
        with self._lock:
            if self._loop is loop:
                self._loop = None
        loop.call_soon_threadsafe(loop.stop)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _within(work: Callable[[], Awaitable[T]], seconds: float) -> T:
    async with asyncio.timeout(seconds):
        return await work()
