"""The fault switch of a simulated system: any ASGI application can be told to misbehave as real ones do.

`faults = Faults(application)` is itself an ASGI application. It answers `GET` and `POST /_double/faults`; everything
else goes to the wrapped application, through the fault in force.

    {"fault": "down", "count": 3, "path": "/api", "seconds": 2.0, "retry_after": 5}

`fault` null clears; `count` null means "until cleared"; `path` limits it to one part of the system.
"""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CONTROL_PATH = "/_double/faults"
HTML_PAGE = "<!DOCTYPE html><html lang=en><title>Web filter</title><h1>Request blocked by the firewall</h1></html>"

# Those that only make sense on a request that writes; a poll passing by must not use them up.
WRITING_FAULTS = frozenset({"refuse", "write_then_fail"})
# fault -> (status, media type, body); what is not here needs more than an answer.
ANSWERS: dict[str, tuple[int, str, str]] = {
    "unavailable": (503, "text/plain", "Service Unavailable"),
    "error": (500, "text/plain", "Internal Server Error"),
    "unauthorized": (401, "application/json", '{"error": "unauthorized"}'),
    "forbidden": (403, "application/json", '{"error": "forbidden"}'),
    "conflict": (409, "application/json", '{"error": "conflict"}'),
    "too_many": (429, "application/json", '{"error": "too many requests"}'),
    "gone": (410, "application/json", '{"error": "gone"}'),
    "redirect": (302, "text/plain", ""),
    "html": (200, "text/html; charset=utf-8", HTML_PAGE),
    "truncated": (200, "application/json", '{"Id": 12, "Numb'),
    "refuse": (
        422,
        "application/problem+json",
        '{"type": "about:blank", "title": "Refus", "status": 422,'
        ' "detail": "Le champ « lieu » est inconnu de l’application."}',
    ),
}
KINDS = frozenset(ANSWERS) | {"down", "slow", "write_then_fail"}


@dataclass(slots=True)
class Fault:
    """One fault in force. `count`: requests still to spoil (None: until cleared); `seconds`: how slow."""

    fault: str
    count: int | None = None
    path: str = "/"
    seconds: float = 30.0
    retry_after: int | None = None

    def concerns(self, scope: Scope) -> bool:
        writes = scope["method"] not in ("GET", "HEAD", "OPTIONS")
        return scope["path"].startswith(self.path) and (writes or self.fault not in WRITING_FAULTS)


class Faults:
    """An ASGI application wrapping another. `exempt`: paths never spoiled (the page a person looks at)."""

    kinds = KINDS

    def __init__(self, application: Application, *, exempt: tuple[str, ...] = ("/",)) -> None:
        self.application = application
        self.exempt = exempt
        self.current: Fault | None = None

    def set(self, fault: str | None, **settings: Any) -> None:
        """Put one fault in force, or none. Raises ValueError for a kind nobody knows."""
        if fault is not None and fault not in KINDS:
            raise ValueError(f"unknown fault {fault!r}, expected one of {', '.join(sorted(KINDS))}")
        self.current = Fault(fault, **settings) if fault else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
        elif scope["path"] == CONTROL_PATH:
            await self._control(scope, receive, send)
        elif fault := self._take(scope):
            await self._spoil(fault, scope, receive, send)
        else:
            await self.application(scope, receive, send)

    def _take(self, scope: Scope) -> Fault | None:
        fault = self.current
        if fault is None or scope["path"] in self.exempt or scope["path"].startswith("/_double/"):
            return None
        if not fault.concerns(scope):
            return None
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self.current = None
        return fault

    async def _spoil(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.fault == "down":
            cut_connection(scope)
        elif fault.fault == "write_then_fail":
            await self.application(scope, receive, _silence)
            cut_connection(scope)
        elif fault.fault == "slow":
            await asyncio.sleep(fault.seconds)
            await self.application(scope, receive, send)
        else:
            await _read(receive)
            status, media_type, body = ANSWERS[fault.fault]
            headers = {"location": "https://elsewhere.invalid/"} if status == 302 else {}
            if fault.retry_after is not None:
                headers["retry-after"] = str(fault.retry_after)
            await _answer(send, status, media_type, body, headers)

    async def _control(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            # A form is a button of the page, pressed by a person: back to the page.
            pressed = dict(scope["headers"]).get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded")
            try:
                self._obey(await _read(receive), pressed)
            except (ValueError, TypeError, AttributeError) as error:
                await _answer(send, 400, "application/json", json.dumps({"detail": str(error)}), {})
                return
            if pressed:
                await _answer(send, 303, "text/plain", "", {"location": "/"})
                return
        state = {"fault": None, "kinds": sorted(KINDS)} if self.current is None else asdict(self.current)
        await _answer(send, 200, "application/json", json.dumps(state), {})

    def _obey(self, body: bytes, pressed: bool) -> None:
        wanted = dict(parse_qsl(body.decode())) if pressed else json.loads(body or b"{}")
        if not isinstance(wanted, dict):
            raise ValueError("a JSON object was expected")
        if wanted.get("count") is not None:
            wanted["count"] = int(wanted["count"])
        self.set(wanted.pop("fault", None), **wanted)


async def _silence(message: MutableMapping[str, Any]) -> None:
    """Where the answer of an application that wrote, then died, goes."""


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _answer(send: Send, status: int, media_type: str, body: str, headers: dict[str, str]) -> None:
    pairs = [(b"content-type", media_type.encode())] + [(k.encode(), v.encode()) for k, v in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body.encode()})


def cut_connection(scope: Scope) -> bool:
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
