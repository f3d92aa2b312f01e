"""Names of machines, looked up aside: a name whose servers do not answer delays nobody else's.

The system's look-up waits, for half a minute sometimes, in a thread. Event loops have few threads for it (uvloop two at
a time, asyncio six on a small machine): with a few dead names every new connection of the process would wait for them.
"""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

# More names than a town has applications. A thread that waits costs a few kilobytes, and is made when it is needed.
AT_ONCE = 64
NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV

Found = list[tuple[Any, ...]]


class Names(AbstractResolver):
    """One thread for a name, however many ask for it; `AT_ONCE` names at a time. Belongs to one event loop."""

    def __init__(self, look_up: Callable[..., Found] = socket.getaddrinfo) -> None:
        self._look_up = look_up
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="names")
        self._running: dict[tuple[str, int], asyncio.Future[Found]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name. OSError when it has none."""
        # Who gives up waiting does not end the look-up: those who come next wait for the same one.
        found = await asyncio.shield(self._asked(host, family))
        return [
            ResolveResult(hostname=host, host=address[0], port=port, family=kind, proto=protocol, flags=NUMERIC)
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _asked(self, host: str, family: int) -> "asyncio.Future[Found]":
        key = (host, family)
        running = self._running.get(key)
        if running is None:
            ask = partial(self._look_up, host, None, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            running = self._running[key] = asyncio.get_running_loop().run_in_executor(self._threads, ask)
            running.add_done_callback(lambda ended: self._ended(key, ended))
        return running

    def _ended(self, key: tuple[str, int], ended: "asyncio.Future[Found]") -> None:
        del self._running[key]
        # Those who asked may have given up: the error was theirs, nobody else has to hear of it.
        if not ended.cancelled():
            ended.exception()
