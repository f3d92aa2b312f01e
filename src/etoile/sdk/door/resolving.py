"""Names resolved to public addresses only, and addresses read before anything is asked."""

from __future__ import annotations

import ipaddress
import re
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from etoile.sdk.addresses import Allowed, RefusedAddress, is_public
from etoile.sdk.door.errors import DoorError
from etoile.sdk.names import Names

_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")


class GuardedResolver(AbstractResolver):
    """Resolves a name and gives only public addresses: the connection is made to what was checked, not to a second
    resolution."""

    def __init__(self, allowed: Allowed, resolver: AbstractResolver | None = None) -> None:
        self._allowed = allowed
        self._resolver = resolver or Names()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if (host, port) in self._allowed:
            return found
        public = [each for each in found if is_public(each["host"])]
        if not public:
            raise RefusedAddress("not a public address")
        return public

    async def close(self) -> None:
        await self._resolver.close()


def target(url: str, allowed: Allowed) -> URL:
    """The address, if it may be asked. DoorError."""
    try:
        read = URL(url)
        host, port = read.raw_host, read.port
    except ValueError:
        raise DoorError("refused_address", "L'adresse de l'application est mal écrite.") from None
    if read.scheme not in ("http", "https") or read.user is not None or not host or not port:
        raise DoorError("refused_address", "L'adresse de l'application est mal écrite.")
    if not _is_ip(host) and not _NAME.fullmatch(host):
        raise DoorError("refused_address", "L'adresse de l'application est mal écrite.")
    if (host, port) in allowed:
        return read
    if read.scheme != "https":
        raise DoorError("refused_address", "L'adresse n'est pas chiffrée (https).")
    if _is_ip(host) and not is_public(host):
        raise DoorError("refused_address", "L'adresse est celle d'une machine du réseau interne.")
    return read


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
