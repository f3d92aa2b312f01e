"""Where a connector goes when it does not speak HTTP: a TCP connection, or a folder of this machine.

The same guard as for HTTP: what leads inside is refused unless the operator allowed it.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationInfo

from etoile.sdk.addresses import Allowed, RefusedAddress, is_public

FOLDERS = "folders"


class Folders:
    """The folders that the operator opened to connectors, each with what is below it."""

    def __init__(self, opened: Iterable[str | Path] = ()) -> None:
        self._opened = tuple(Path(each).resolve() for each in opened if str(each).strip())
        for folder in self._opened:
            if folder == Path(folder.anchor):
                raise ValueError("the root of the machine cannot be opened to connectors")

    def find(self, path: str | Path) -> Path:
        """The folder without its links. RefusedAddress when it is not below an opened one."""
        wanted = Path(path)
        if not wanted.is_absolute() or "\0" in str(path):
            raise RefusedAddress("not an absolute folder")
        real = wanted.resolve()
        if not any(real.is_relative_to(folder) for folder in self._opened):
            raise RefusedAddress("not a folder opened to connectors")
        return real


def opened(info: ValidationInfo) -> Folders:
    """Those that settings may name, when `Connector.configured` validates them; none otherwise."""
    folders = (info.context or {}).get(FOLDERS)
    return folders if isinstance(folders, Folders) else Folders()


async def connect(host: str, port: int, allowed: Allowed, *, timeout: float) -> socket.socket:
    """A connected, non-blocking TCP socket. The addresses that were checked are those that are called.

    Raises RefusedAddress, TimeoutError (`timeout` in seconds, for all of it), or OSError.
    """
    async with asyncio.timeout(timeout):
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        reachable = found if (host, port) in allowed else [each for each in found if is_public(str(each[4][0]))]
        if not reachable:
            raise RefusedAddress("not a public address")
        return await _first(reachable)


async def _first(found: Iterable[tuple[Any, ...]]) -> socket.socket:
    failure: OSError = OSError("no address")
    for family, kind, protocol, _, address in found:
        connection = socket.socket(family, kind, protocol)
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(connection, address)
        except OSError as error:
            connection.close()
            failure = error
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    raise failure
