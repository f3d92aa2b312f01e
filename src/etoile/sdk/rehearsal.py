"""What a connector would send, without sending it: doors that write down what comes to them, and lead nowhere.

A reading (GET) is answered "404, nothing there", so that a connector which looks up before it records goes on to
record; a request for an OAuth 2 token gets an invented one; the first request that would write is written down, and
the connector is told that the network is closed. Values of secrets are replaced wherever they appear.
"""

from __future__ import annotations

import json as jsonlib
import socket
from collections.abc import AsyncGenerator, AsyncIterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from etoile.contract.envelope import Event
from etoile.sdk.connector import Connector
from etoile.sdk.door import CONNECT_TIMEOUT, Door, DoorError, Part, Response
from etoile.sdk.exchanges import Call
from etoile.sdk.mail import MailDoor, MailError

HIDDEN = "•••"
CLOSED = "Essai à blanc : rien n’est parti."
SECRET_HEADERS = frozenset({"authorization", "cookie", "x-api-key", "webhook-signature"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One request that would have left, or one e-mail (`method` MAIL, `url` its recipients). `body` is text."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str

    @property
    def writes(self) -> bool:
        return self.method not in READING


class RehearsalDoor(Door):
    """`sent`: what came, in order."""

    rehearsing = True

    def __init__(self, secrets: Mapping[str, str]) -> None:
        super().__init__()
        self.sent: list[Sent] = []
        self._secrets = sorted((value for value in secrets.values() if value), key=len, reverse=True)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: bytes | str | Mapping[str, str] | AsyncIterable[bytes] | None = None,
        multipart: Sequence[Part] | None = None,
        timeout: float = 30,
        max_bytes: int = 2**20,
    ) -> Response:
        if isinstance(data, Mapping) and "grant_type" in data:
            return _answer(200, {"access_token": "essai", "token_type": "Bearer", "expires_in": 60})
        shown = {name: self._header(name, value) for name, value in (headers or {}).items()}
        self.sent.append(Sent(method, self._hidden(url), shown, self._hidden(_text(json, data, multipart))))
        if method in READING:
            return _answer(404, {})
        raise DoorError("connection", CLOSED)

    async def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60,
        max_bytes: int = 50 * 2**20,
    ) -> AsyncGenerator[bytes, None]:
        raise DoorError("connection", CLOSED)
        yield b""

    async def connect(self, host: str, port: int, *, timeout: float = CONNECT_TIMEOUT) -> socket.socket:
        raise DoorError("connection", CLOSED)

    def folder(self, path: str) -> Path:
        raise DoorError("connection", CLOSED)

    def exchange(self, method: str, url: str, sent: bytes | str | None = None) -> AbstractContextManager[Call]:
        self.sent.append(Sent(method, self._hidden(url), {}, self._hidden(_text(None, sent, None))))
        raise DoorError("connection", CLOSED)

    def _header(self, name: str, value: str) -> str:
        return HIDDEN if name.lower() in SECRET_HEADERS else self._hidden(value)

    def _hidden(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text


class RehearsalMail(MailDoor):
    """Messages are written down in the door's list."""

    def __init__(self, door: RehearsalDoor) -> None:
        self._door = door
        super().__init__(self._keep)

    def _keep(self, message: EmailMessage) -> None:
        shown = {name: str(value) for name, value in message.items() if name in ("From", "To", "Subject")}
        body = message.get_body(preferencelist=("plain",))
        text = str(body.get_content()) if body is not None else ""
        self._door.sent.append(Sent("MAIL", str(message["To"]), shown, text))
        raise MailError("unavailable", CLOSED)


async def rehearse(connector: Connector, event: Event, context: Any, door: RehearsalDoor) -> str:
    """Lets a connector deliver into `door`. Returns what stopped it before it had anything to send, in French, or "".

    A new instance of the connector is used: what it would keep of invented answers must not serve a true exchange.
    """
    try:
        outcome = await type(connector)().deliver(event, context)
    except Exception as error:
        return f"Le connecteur a échoué ({type(error).__name__})."
    return "" if any(each.writes for each in door.sent) else outcome.message


def _answer(status: int, content: Any) -> Response:
    return Response(status, {"Content-Type": "application/json"}, jsonlib.dumps(content).encode())


def _text(json: Any, data: Any, multipart: Sequence[Part] | None) -> str:
    if json is not None:
        return jsonlib.dumps(json, ensure_ascii=False, indent=2)
    if multipart is not None:
        return "\n".join(f"{part.name}: {part.filename or part.content!r}" for part in multipart)
    if isinstance(data, bytes):
        return data.decode("utf-8", "replace")
    return str(data) if isinstance(data, str) else ""
