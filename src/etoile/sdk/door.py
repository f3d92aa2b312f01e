"""The one outgoing door: every request of every connector leaves the hub through it.

TLS is verified, redirects are never followed, cookies are never kept, answers are read up to a limit, and only public
addresses are reached unless the operator allowed `host:port`. Neither bodies nor addresses are logged.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json as jsonlib
import re
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from etoile.sdk import exchanges, places
from etoile.sdk.addresses import Allowed, RefusedAddress, is_public
from etoile.sdk.exchanges import Call
from etoile.sdk.names import Names

CONNECT_TIMEOUT = 5.0
BLOCK = 64 * 1024
_WAITING = 15.0
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_MAX_HEADERS = 32 * 1024


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


class DoorErrorKind(StrEnum):
    """STATUS is for `stream` only: the answer was not a success."""

    TIMEOUT = "timeout"
    REFUSED_ADDRESS = "refused_address"
    CONNECTION = "connection"
    TOO_LARGE = "too_large"
    TLS = "tls"
    STATUS = "status"


class DoorError(Exception):
    """No usable answer. `message` is French. `maybe_sent`: the application may have received the request."""

    def __init__(
        self, kind: DoorErrorKind | str, message: str, *, maybe_sent: bool = False, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.kind = DoorErrorKind(kind)
        self.message = message
        self.maybe_sent = maybe_sent
        self.status = status


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart form. `content`: text, bytes, or an asynchronous iterator of bytes (streamed).

    `size` of a streamed content, in bytes, when it is known: the form is then sent with its length, which servers and
    firewalls that refuse chunked bodies need.
    """

    name: str
    content: str | bytes | AsyncIterable[bytes]
    filename: str | None = None
    content_type: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, whatever its status. Header names are found in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The parsed body; ValueError when it is not JSON (a firewall's page in a 200, say)."""
        try:
            return jsonlib.loads(self.body)
        except (ValueError, RecursionError):
            raise ValueError("the answer is not JSON") from None


class Door:
    """`allowed`: the `host:port` pairs reachable although inside, which may also be spoken to without TLS.
    `folders`: those of this machine that the operator opened to connectors.

    One door per process; it keeps one session for each event loop. Close it when the loop ends.
    `rehearsing`: nothing leaves through it, see `rehearsal`.
    """

    rehearsing = False

    def __init__(
        self,
        allowed: Iterable[str] = (),
        *,
        folders: Iterable[str | Path] = (),
        tls: ssl.SSLContext | None = None,
        user_agent: str = "etoile-hub",
    ) -> None:
        self._allowed = Allowed(allowed)
        self._folders = places.Folders(folders)
        self._tls = tls
        self._user_agent = user_agent
        self._sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = WeakKeyDictionary()

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
        """One exchange; at most one of `json`, `data`, `multipart`. `timeout` in seconds, for all of it. DoorError."""
        with _Exchange(Call(method, url, headers or {}, _given(json, data, multipart))) as call:
            async with self._ask(call, _body(json, data, multipart), timeout) as answer:
                call.status, call.response_headers = answer.status, answer.headers
                blocks = _Limit(answer, max_bytes)
                call.body = b"".join([blocks.checked(block) async for block in answer.content.iter_chunked(BLOCK)])
                return Response(answer.status, answer.headers, call.body)

    async def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60,
        max_bytes: int = 50 * 2**20,
    ) -> AsyncGenerator[bytes, None]:
        """The body of a success, block by block; DoorError of kind STATUS for any other answer."""
        with _Exchange(Call(method, url, headers or {})) as call:
            async with self._ask(call, {}, timeout) as answer:
                call.status, call.response_headers = answer.status, answer.headers
                if not 200 <= answer.status < 300:
                    raise DoorError("status", f"Réponse {answer.status}.", maybe_sent=True, status=answer.status)
                blocks = _Limit(answer, max_bytes)
                async for block in answer.content.iter_chunked(BLOCK):
                    yield blocks.checked(block)

    async def connect(self, host: str, port: int, *, timeout: float = CONNECT_TIMEOUT) -> socket.socket:
        """A connected socket, for a connector that speaks another protocol (SFTP). DoorError."""
        try:
            return await places.connect(host, port, self._allowed, timeout=timeout)
        except OSError as error:  # TimeoutError is one
            raise _told(error) from error

    def folder(self, path: str) -> Path:
        """A folder of this machine, if the operator opened it to connectors. DoorError."""
        try:
            return self._folders.find(path)
        except OSError as error:
            raise DoorError("refused_address", "Ce dossier n'est pas ouvert aux connecteurs.") from error

    def exchange(self, method: str, url: str, sent: bytes | str | None = None) -> AbstractContextManager[Call]:
        """What is done within is one exchange, kept as evidence: for what does not pass by `request`."""
        return _Exchange(Call(method, url, {}, sent))

    async def close(self) -> None:
        """Closes the session of the running loop."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()

    async def __aenter__(self) -> Door:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    def _session(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        session = self._sessions.get(loop)
        if session is None or session.closed:
            connector = aiohttp.TCPConnector(
                resolver=GuardedResolver(self._allowed),
                ssl=self._tls or ssl.create_default_context(),
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

    def _ask(
        self, call: Call, body: dict[str, Any], timeout: float
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        limits = aiohttp.ClientTimeout(total=timeout, sock_connect=min(CONNECT_TIMEOUT, timeout))
        return self._session().request(
            call.method,
            self._target(call.url),
            headers=call.request_headers,
            allow_redirects=False,
            timeout=limits,
            **body,
        )

    def _target(self, url: str) -> URL:
        try:
            target = URL(url)
            host, port = target.raw_host, target.port
        except ValueError:
            raise DoorError("refused_address", "L'adresse de l'application est mal écrite.") from None
        if target.scheme not in ("http", "https") or target.user is not None or not host or not port:
            raise DoorError("refused_address", "L'adresse de l'application est mal écrite.")
        if not _is_ip(host) and not _NAME.fullmatch(host):
            raise DoorError("refused_address", "L'adresse de l'application est mal écrite.")
        if (host, port) in self._allowed:
            return target
        if target.scheme != "https":
            raise DoorError("refused_address", "L'adresse n'est pas chiffrée (https).")
        if _is_ip(host) and not is_public(host):
            raise DoorError("refused_address", "L'adresse est celle d'une machine du réseau interne.")
        return target


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _given(*bodies: Any) -> Any:
    given = [each for each in bodies if each is not None]
    if len(given) > 1:
        raise ValueError("one of json, data and multipart at most")
    return given[0] if given else None


def _body(
    json: Any, data: bytes | str | Mapping[str, str] | AsyncIterable[bytes] | None, multipart: Sequence[Part] | None
) -> dict[str, Any]:
    if multipart is not None:
        form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
        for part in multipart:
            filename = _written(part.filename) if part.filename is not None else None
            form.add_field(_written(part.name), _content(part), filename=filename, content_type=part.content_type)
        return {"data": form}
    if json is not None:
        encoded = jsonlib.dumps(json, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        return {"data": aiohttp.BytesPayload(encoded, content_type="application/json")}
    return {"data": data} if data is not None else {}


class _Sized(aiohttp.AsyncIterablePayload):
    """A stream whose length is known beforehand."""

    def __init__(self, content: AsyncIterable[bytes], size: int, content_type: str) -> None:
        super().__init__(content, content_type=content_type)
        self._size = size


def _content(part: Part) -> Any:
    if part.size is None or isinstance(part.content, str | bytes):
        return part.content
    return _Sized(part.content, part.size, part.content_type or "application/octet-stream")


def _written(name: str) -> str:
    """A name in a multipart form, as browsers write it (HTML standard, "multipart form data"): UTF-8, three escapes."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


class _Exchange:
    """One exchange: its record is kept, and what goes wrong is told as a DoorError. A class, and not a generator: this
    is on the way of every delivery."""

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
            told = _told(error)
            self._call.error = told.kind.value
            raise told from error


class _Limit:
    """The blocks of an answer counted, so that nobody makes us read without end."""

    __slots__ = ("_answer", "_most", "_size")

    def __init__(self, answer: aiohttp.ClientResponse, most: int) -> None:
        self._answer, self._most, self._size = answer, most, 0

    def checked(self, block: bytes) -> bytes:
        self._size += len(block)
        if self._size > self._most:
            self._answer.close()
            raise DoorError("too_large", f"La réponse dépasse {self._most} octets.", maybe_sent=True)
        return block


def _told(error: BaseException) -> DoorError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RefusedAddress):
            return DoorError("refused_address", "L'adresse est celle d'une machine du réseau interne.")
        cause = cause.__cause__ or getattr(cause, "os_error", None)
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return DoorError("tls", "Le certificat de l'application n'est pas valable.")
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return DoorError("timeout", "L'application ne répond pas.")
    if isinstance(error, TimeoutError):
        return DoorError("timeout", "L'application n'a pas répondu à temps.", maybe_sent=True)
    if isinstance(error, aiohttp.InvalidURL):
        return DoorError("refused_address", "L'adresse de l'application est mal écrite.")
    before = isinstance(error, aiohttp.ClientConnectorError)
    return DoorError("connection", "L'application ne répond pas.", maybe_sent=not before)
