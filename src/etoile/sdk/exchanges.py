"""What a connector exchanged during one call of it, for the evidence that the hub keeps of each try.

    with recorded() as calls:
        await connector.deliver(event, context)

The doors write here, whatever tasks the connector starts. Values are as they were exchanged, secrets included: nothing
is copied nor written anywhere, and who records must redact before keeping anything.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

MOST = 4


@dataclass(slots=True)
class Call:
    """One exchange. `sent`: what the door was given as a body. Without `status` no answer came: `error` says why.

    `body` is None when the answer was a stream, or was not read.
    """

    method: str
    url: str
    request_headers: Mapping[str, str]
    sent: Any = None
    status: int | None = None
    response_headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    error: str | None = None
    milliseconds: int | None = None
    _started: float = field(default_factory=time.monotonic)

    def ended(self) -> None:
        self.milliseconds = round((time.monotonic() - self._started) * 1000)


_current: ContextVar[tuple[list[Call], int] | None] = ContextVar("exchanges", default=None)


@contextmanager
def recorded(most: int = MOST) -> Iterator[list[Call]]:
    """The calls made within, in order: the first and the last ones, `most` in all."""
    calls: list[Call] = []
    token = _current.set((calls, most))
    try:
        yield calls
    finally:
        _current.reset(token)


def keep(call: Call) -> None:
    """For a door: this exchange begins; it is kept if somebody records."""
    recording = _current.get()
    if recording is not None:
        calls, most = recording
        if len(calls) == most:
            del calls[1]
        calls.append(call)
