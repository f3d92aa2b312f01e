"""What a request carries, and what an answer is."""

from __future__ import annotations

import json as jsonlib
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

from etoile.sdk.door.errors import DoorError

BLOCK = 64 * 1024
Data = bytes | str | Mapping[str, str] | AsyncIterable[bytes]


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


class Incoming(Protocol):
    """An answer that is coming: its head is there, its body is still to be read."""

    status: int
    headers: Mapping[str, str]

    def blocks(self, most: int) -> AsyncIterator[bytes]:
        """The body, counted: nobody makes us read without end. DoorError beyond `most` bytes."""


class Received:
    """The answer of a server."""

    __slots__ = ("_answer", "headers", "status")

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer
        self.status: int = answer.status
        self.headers: Mapping[str, str] = answer.headers

    async def blocks(self, most: int) -> AsyncIterator[bytes]:
        size = 0
        async for block in self._answer.content.iter_chunked(BLOCK):
            size += len(block)
            if size > most:
                self._answer.close()
                raise DoorError("too_large", f"La réponse dépasse {most} octets.", maybe_sent=True)
            yield block


def given(*bodies: Any) -> Any:
    """The body among those offered; ValueError when there are several."""
    found = [each for each in bodies if each is not None]
    if len(found) > 1:
        raise ValueError("one of json, data and multipart at most")
    return found[0] if found else None


def written(json: Any) -> bytes:
    """A JSON value as it is sent."""
    return jsonlib.dumps(json, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def encoded(json: Any, data: Data | None, multipart: Sequence[Part] | None) -> dict[str, Any]:
    """The body, as aiohttp takes it."""
    if multipart is not None:
        form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
        for part in multipart:
            filename = _named(part.filename) if part.filename is not None else None
            form.add_field(_named(part.name), _content(part), filename=filename, content_type=part.content_type)
        return {"data": form}
    if json is not None:
        return {"data": aiohttp.BytesPayload(written(json), content_type="application/json")}
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


def _named(name: str) -> str:
    """A name in a multipart form, as browsers write it (HTML standard, "multipart form data"): UTF-8, three escapes."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
