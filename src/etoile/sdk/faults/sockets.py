"""Cutting a connection, for which ASGI has no word."""

import contextlib
import os
import socket
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any


def cut_connection(scope: MutableMapping[str, Any]) -> bool:
    """Close the TCP connection of this request without an answer; False when it was not found.

    ASGI has no word for it and an exception becomes a polite 500, so the socket is looked for among those of the
    process (Linux) and shut down.
    """
    client, server = int(scope["client"][1]), int(scope["server"][1])
    found = False
    for entry in Path("/proc/self/fd").iterdir():
        try:
            duplicate = os.dup(int(entry.name))
        except OSError:
            continue
        try:
            connection = socket.socket(fileno=duplicate)
        except OSError:
            os.close(duplicate)
            continue
        with connection, contextlib.suppress(OSError, IndexError):
            if (connection.getpeername()[1], connection.getsockname()[1]) == (client, server):
                connection.shutdown(socket.SHUT_RDWR)
                found = True
    return found
