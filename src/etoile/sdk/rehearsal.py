"""What a connector would send, without sending it: doors that write down what comes to them, and lead nowhere.

A reading (GET, PROPFIND) is answered "nothing there", so that a connector which looks up before it records goes on to
record; a request for an OAuth 2 token gets an invented one; the first request that would write is written down, and
the connector is told that the network is closed. Values of secrets are replaced wherever they appear.
"""

from __future__ import annotations

import json as jsonlib
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from etoile.contract.envelope import Event
from etoile.sdk.connector import Connector
from etoile.sdk.door import CONNECT_TIMEOUT, Certificate, Door, DoorError, Incoming, Part
from etoile.sdk.exchanges import Call
from etoile.sdk.mail import MailDoor, MailError
from etoile.sdk.redaction import secret_forms

HIDDEN = "•••"
CLOSED = "Essai à blanc : rien n’est parti."
SECRET_HEADERS = frozenset({"authorization", "cookie", "x-api-key", "webhook-signature"})
READING = frozenset({"GET", "HEAD", "OPTIONS", "PROPFIND"})
NOTHING_LISTED = b'<?xml version="1.0" encoding="utf-8"?><multistatus xmlns="DAV:"/>'


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


@dataclass(slots=True)
class Invented:
    """An answer that no application gave."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    async def blocks(self, most: int) -> AsyncIterator[bytes]:
        yield self.content


class RehearsalDoor(Door):
    """`sent`: what came, in order."""

    rehearsing = True

    def __init__(self, secrets: Mapping[str, str]) -> None:
        super().__init__()
        self.sent: list[Sent] = []
        self._secrets = secret_forms(secrets.values())

    async def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        certificate: Certificate | None = None,
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
        self.sent.append(Sent(method, self._hidden(url), {}, self._hidden(_text(sent))))
        raise DoorError("connection", CLOSED)

    def _ask(
        self, call: Call, body: dict[str, Any], timeout: float, certificate: Certificate | None
    ) -> AbstractAsyncContextManager[Incoming]:
        if isinstance(call.sent, Mapping) and "grant_type" in call.sent:
            return _invented(200, {"access_token": "essai", "token_type": "Bearer", "expires_in": 60})
        headers = {name: self._header(name, value) for name, value in call.request_headers.items()}
        self.sent.append(Sent(call.method, self._hidden(call.url), headers, self._hidden(_text(call.sent))))
        if call.method == "PROPFIND":
            return nullcontext(Invented(207, {"Content-Type": "application/xml"}, NOTHING_LISTED))
        if call.method in READING:
            return _invented(404, {})
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


def _invented(status: int, content: Any) -> AbstractAsyncContextManager[Incoming]:
    return nullcontext(Invented(status, {"Content-Type": "application/json"}, jsonlib.dumps(content).encode()))


def _text(sent: Any) -> str:
    if isinstance(sent, bytes):
        return sent.decode("utf-8", "replace")
    if isinstance(sent, str):
        return sent
    if isinstance(sent, Sequence) and sent and all(isinstance(each, Part) for each in sent):
        return "\n".join(f"{part.name}: {part.filename or part.content!r}" for part in sent)
    if isinstance(sent, Mapping | Sequence | int | float):
        return jsonlib.dumps(sent, ensure_ascii=False, indent=2)
    return ""
