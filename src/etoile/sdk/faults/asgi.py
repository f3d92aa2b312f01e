"""The little of ASGI that a simulated system needs: reading a request whole, answering, answering again."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


async def read(receive: Receive) -> bytes:
    """The whole body of a request."""
    blocks = []
    while True:
        message = await receive()
        blocks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(blocks)


async def answer(
    send: Send, status: int, media_type: str, body: str | bytes, headers: Mapping[str, str] | None = None
) -> None:
    pairs = [(b"content-type", media_type.encode())]
    pairs += [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body.encode() if isinstance(body, str) else body})


def again(body: bytes, receive: Receive) -> Receive:
    """What an application receives of a request that was already read."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def silence(message: Message) -> None:
    """Where the answer goes of an application that wrote, then died."""


class Kept:
    """An answer kept instead of being sent: `status`, `headers` (lower case), `body`."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: dict[str, str] = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().lower(): value.decode() for name, value in message.get("headers", [])}
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send, body: bytes, **headers: str) -> None:
        """Send it with another body. The length told is the new one, or none."""
        kept = {name: value for name, value in self.headers.items() if name not in ("content-length", *headers)}
        pairs = [(name.encode(), value.encode()) for name, value in {**kept, **headers}.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})
