"""Access tokens kept in memory until shortly before they expire, each asked for once however many need it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

MARGIN_SECONDS = 30.0
Key = tuple[str, ...]
Fetch = Callable[[], Awaitable[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class _Kept:
    token: str
    until: float


class Tokens:
    """By key: whatever makes one token another (application, service, client, secret)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[Key, _Kept] = {}
        self._asked: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Key, asyncio.Task[str]]] = WeakKeyDictionary()

    async def get(self, key: Key, fetch: Fetch) -> str:
        """A token still good. `fetch` gives one and its lifetime in seconds; what it raises goes to all who wait."""
        kept = self._kept.get(key)
        if kept is not None and self._clock() < kept.until:
            return kept.token
        asked = self._asked.setdefault(asyncio.get_running_loop(), {})
        task = asked.get(key)
        if task is None:
            task = asked[key] = asyncio.ensure_future(self._fetched(key, fetch))
            task.add_done_callback(lambda ended: _over(asked, key, ended))
        # Who gives up does not take the token away from those who wait for the same one.
        return await asyncio.shield(task)

    def forget(self, key: Key, token: str) -> None:
        """This token was refused; a newer one, if another call has it by now, is kept."""
        kept = self._kept.get(key)
        if kept is not None and kept.token == token:
            del self._kept[key]

    async def _fetched(self, key: Key, fetch: Fetch) -> str:
        token, lifetime = await fetch()
        # A short life still serves: it is renewed when a quarter of it is left.
        self._kept[key] = _Kept(token, self._clock() + max(0.0, lifetime - min(MARGIN_SECONDS, lifetime / 4)))
        return token


def _over(asked: dict[Key, asyncio.Task[str]], key: Key, ended: asyncio.Task[Any]) -> None:
    asked.pop(key, None)
    if not ended.cancelled():
        # Those who asked may have given up: the error was theirs.
        ended.exception()
