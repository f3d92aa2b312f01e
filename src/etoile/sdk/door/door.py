"""The door itself: one session for each event loop, every exchange kept as evidence for who records."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp

from etoile.sdk import exchanges, places
from etoile.sdk.addresses import Allowed
from etoile.sdk.door import certificates
from etoile.sdk.door.bodies import Data, Incoming, Part, Received, Response, encoded, given
from etoile.sdk.door.certificates import Certificate, Shown
from etoile.sdk.door.errors import DoorError, told, verification
from etoile.sdk.door.resolving import GuardedResolver, target
from etoile.sdk.door.tokens import Tokens
from etoile.sdk.exchanges import Call

CONNECT_TIMEOUT = 5.0
_WAITING = 15.0
_MAX_HEADERS = 32 * 1024
_MOST_CERTIFICATES = 256


class Door:
    """`allowed`: the `host:port` pairs reachable although inside, which may also be spoken to without TLS.
    `folders`: those of this machine that the operator opened to connectors. `authorities`: certificates (PEM) believed
    beside those of the machine.

    One door per process; it keeps one session for each event loop, and the `tokens` that applications gave. Close it
    when the loop ends. `rehearsing`: nothing leaves through it, see `rehearsal`.
    """

    rehearsing = False

    def __init__(
        self,
        allowed: Iterable[str] = (),
        *,
        folders: Iterable[str | Path] = (),
        authorities: str | None = None,
        user_agent: str = "etoile-hub",
    ) -> None:
        self.tokens = Tokens()
        self._allowed = Allowed(allowed)
        self.folders = places.Folders(folders)
        self._authorities = authorities
        self._user_agent = user_agent
        self._shown: dict[str, Shown] = {}
        self._sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: Data | None = None,
        multipart: Sequence[Part] | None = None,
        certificate: Certificate | None = None,
        timeout: float = 30,
        max_bytes: int = 2**20,
    ) -> Response:
        """One exchange; at most one of `json`, `data`, `multipart`. `timeout` in seconds, for all of it. DoorError.

        `certificate`: ours, for an application that asks for one.
        """
        with _Exchange(Call(method, url, headers or {}, given(json, data, multipart))) as call:
            async with self._ask(call, encoded(json, data, multipart), timeout, certificate) as answer:
                call.status, call.response_headers = answer.status, answer.headers
                call.body = b"".join([block async for block in answer.blocks(max_bytes)])
                return Response(answer.status, answer.headers, call.body)

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
        """The body of a success, block by block; DoorError of kind STATUS for any other answer."""
        with _Exchange(Call(method, url, headers or {})) as call:
            async with self._ask(call, {}, timeout, certificate) as answer:
                call.status, call.response_headers = answer.status, answer.headers
                if not 200 <= answer.status < 300:
                    raise DoorError("status", f"Réponse {answer.status}.", maybe_sent=True, status=answer.status)
                async for block in answer.blocks(max_bytes):
                    yield block

    async def connect(self, host: str, port: int, *, timeout: float = CONNECT_TIMEOUT) -> socket.socket:
        """A connected socket, for a connector that speaks another protocol (SFTP). DoorError."""
        try:
            return await places.connect(host, port, self._allowed, timeout=timeout)
        except OSError as error:  # TimeoutError is one
            raise told(error) from error

    def folder(self, path: str) -> Path:
        """A folder of this machine, if the operator opened it to connectors. DoorError."""
        try:
            return self.folders.find(path)
        except OSError as error:
            raise DoorError("refused_address", "Ce dossier n'est pas ouvert aux connecteurs.") from error

    def exchange(self, method: str, url: str, sent: bytes | str | None = None) -> AbstractContextManager[Call]:
        """What is done within is one exchange, kept as evidence: for what does not pass by `request`."""
        return _Exchange(Call(method, url, {}, sent))

    def shown(self, certificate: Certificate) -> Shown:
        """A certificate of ours, read once; its dates are not looked at. DoorError when it cannot be used."""
        fingerprint = certificate.fingerprint
        known = self._shown.get(fingerprint)
        if known is None:
            if len(self._shown) >= _MOST_CERTIFICATES:
                self._shown.clear()
            known = self._shown[fingerprint] = certificates.read(certificate, self._authorities)
        return known

    async def close(self) -> None:
        """Closes the session of the running loop."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()

    async def __aenter__(self) -> Door:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    def _ask(
        self, call: Call, body: dict[str, Any], timeout: float, certificate: Certificate | None
    ) -> AbstractAsyncContextManager[Incoming]:
        """The one place where a request leaves."""
        asked = target(call.url, self._allowed)
        limits = aiohttp.ClientTimeout(total=timeout, sock_connect=min(CONNECT_TIMEOUT, timeout))
        sending = self._session().request(
            call.method,
            asked,
            headers=call.request_headers,
            allow_redirects=False,
            timeout=limits,
            ssl=self._identified(certificate) if certificate is not None else True,
            **body,
        )
        return _Asked(self, sending, asked.raw_host or "", asked.port or 443)

    def _identified(self, certificate: Certificate) -> ssl.SSLContext:
        shown = self.shown(certificate)
        shown.verify(datetime.now(UTC))
        return shown.context

    def _session(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None or session.closed:
            connector = aiohttp.TCPConnector(
                resolver=GuardedResolver(self._allowed),
                ssl=certificates.trusting(self._authorities),
                limit=0,
                ttl_dns_cache=30,
                keepalive_timeout=_WAITING,
            )
            session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                auto_decompress=False,
                max_line_size=8190,
                max_field_size=_MAX_HEADERS,
                headers={"User-Agent": self._user_agent, "Accept-Encoding": "identity"},
            )
            self._sessions[loop] = session
        return session


class _Asked:
    """A request of aiohttp under way; a class, and not a generator: this is on the way of every delivery."""

    __slots__ = ("_door", "_host", "_port", "_sending")

    def __init__(self, door: Door, sending: Any, host: str, port: int) -> None:
        self._door, self._sending, self._host, self._port = door, sending, host, port

    async def __aenter__(self) -> Received:
        try:
            return Received(await self._sending.__aenter__())
        except aiohttp.ClientConnectorCertificateError as error:
            found = verification(error)
            if found is None:
                raise
            connect = self._door.connect
            raise await certificates.explained(found, self._host, lambda: connect(self._host, self._port)) from error

    async def __aexit__(self, *exception: Any) -> None:
        await self._sending.__aexit__(*exception)


class _Exchange:
    """One exchange: its record is kept, and what goes wrong is told as a DoorError."""

    __slots__ = ("_call",)

    def __init__(self, call: Call) -> None:
        self._call = call

    def __enter__(self) -> Call:
        exchanges.keep(self._call)
        return self._call

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._call.ended()
        if isinstance(error, DoorError):
            self._call.error = error.kind.value
        elif isinstance(error, aiohttp.ClientError | TimeoutError | OSError):
            found = told(error)
            self._call.error = found.kind.value
            raise found from error
