"""Recorded answers, given again in their order by a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etoile.sdk.serving import Message, serve

OVER: Mapping[str, Any] = {"status": 500, "headers": {}, "body": ""}


@dataclass(slots=True)
class Replay:
    """An ASGI application that answers what was recorded. `asked`: method and path of what came.

    A fixture holds `exchanges`, or one `request` and its `response`. Past the last one, the answer is 500.
    """

    answers: list[Mapping[str, Any]]
    asked: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, fixture: Mapping[str, Any]) -> Replay:
        exchanges = fixture.get("exchanges") or [fixture]
        return cls([each["response"] for each in exchanges if "response" in each])

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        self.asked.append((scope["method"], scope["path"]))
        while (await receive()).get("more_body"):
            pass
        rank = len(self.asked) - 1
        answer = self.answers[rank] if rank < len(self.answers) else OVER
        headers = [(name.encode(), value.encode()) for name, value in answer["headers"].items()]
        await send({"type": "http.response.start", "status": answer["status"], "headers": headers})
        body = answer["body"] if isinstance(answer["body"], str) else json.dumps(answer["body"])
        await send({"type": "http.response.body", "body": body.encode()})


@contextmanager
def replayed(fixture: Path | Mapping[str, Any]) -> Iterator[tuple[str, Replay]]:
    """The address of a server that plays a fixture again, and what it is asked."""
    read = json.loads(fixture.read_text(encoding="utf-8")) if isinstance(fixture, Path) else fixture
    replay = Replay.of(read)
    with serve(replay) as address:
        yield address, replay
