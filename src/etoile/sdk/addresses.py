"""Which network addresses the outgoing door may reach."""

import ipaddress
from collections.abc import Iterable

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RefusedAddress(OSError):
    """The name leads to an address of the inside (private, loopback, link-local, metadata, multicast, reserved)."""


class Allowed:
    """The `host:port` pairs that the operator allows although they lead inside, such as "127.0.0.1:8201"."""

    def __init__(self, pairs: Iterable[str] = ()) -> None:
        self._pairs = frozenset(pair.strip().lower() for pair in pairs if pair.strip())
        for pair in self._pairs:
            host, _, port = pair.rpartition(":")
            if not host or not port.isdigit():
                raise ValueError(f'an allowed address is host:port, not "{pair}"')

    def __contains__(self, pair: tuple[str, int]) -> bool:
        host, port = pair
        name = host.lower().rstrip(".")
        return f"{name}:{port}" in self._pairs or f"[{name}]:{port}" in self._pairs


def is_public(text: str) -> bool:
    """Whether an IP address, as text, belongs to the public internet; IPv4 hidden inside IPv6 is looked at."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if address.teredo or (address in _NAT64):
            hidden = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
            if hidden is None:
                return False
        if hidden is not None:
            return is_public(str(hidden))
    return address.is_global and not address.is_multicast
