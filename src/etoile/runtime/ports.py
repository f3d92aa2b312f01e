"""Ports for programs that are about to be started on this machine."""

import secrets
import socket
from typing import Final

LOCAL: Final = "127.0.0.1"
# Below those that the usual kernels lend to outgoing connections, one of which could take it before the program does.
LOWEST: Final = 10240
HIGHEST: Final = 32000


def free(number: int = 1) -> list[int]:
    """As many different ports as asked, which nobody uses now."""
    found: list[int] = []
    while len(found) < number:
        port = LOWEST + secrets.randbelow(HIGHEST - LOWEST)
        if port not in found and unused(port):
            found.append(port)
    return found


def unused(port: int) -> bool:
    """Whether a program could listen on it now."""
    with socket.socket() as probe:
        try:
            probe.bind((LOCAL, port))
        except OSError:
            return False
    return True
