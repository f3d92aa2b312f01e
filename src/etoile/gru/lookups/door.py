"""Asking the hub, and always getting a reply: that nobody answers is a reply, never an exception.

A question holds one of the few threads that serve pages, and no database connection: a quarter of the threads may wait
at once, the next one is told at once that nothing is known. A hub that does not answer is left alone for some seconds.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.db import connection

from etoile.contract.client import HubClient, HubRefused, HubUnavailable, LookupAnswer
from etoile.runtime.background import WEB_THREADS

log = structlog.get_logger(__name__)

# Seconds for all the questions of one page: more than the five that the hub gives its providers, less than patience.
SECONDS = 6.0
PAUSE = 10.0
LONGEST_PAUSE = 60.0


class TransactionOpenError(RuntimeError):
    """The caller holds a transaction: it would be held as long as the network likes."""


@dataclass(frozen=True, slots=True)
class Question:
    """`name` of the lookup at the hub, its `query`, and why it is asked (names, written in the hub's journal)."""

    name: str
    query: Mapping[str, Any]
    purpose: str
    procedure: str

    def __repr__(self) -> str:
        # It is about a person.
        return f"<Question {self.name}>"


@dataclass(frozen=True, slots=True)
class Reply:
    """`result`: found, not_found, refused, unavailable. `data` when found; `at` ISO 8601, when the provider said it;
    `message` and `instead` in French, empty when the hub did not speak; `code` for logs and agents."""

    result: str
    data: dict[str, Any] | None = None
    at: str = ""
    message: str = ""
    instead: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return f"<Reply {self.result} {self.code}>"


class Client(Protocol):
    """What is used of the contract's client."""

    def lookup(
        self, name: str, query: Mapping[str, Any], *, purpose: str, procedure: str, budget: float
    ) -> LookupAnswer: ...


def connect() -> Client:
    return HubClient(
        settings.HUB_URL, settings.HUB_CLIENT_ID, settings.HUB_CLIENT_SECRET, timeout=SECONDS, budget=SECONDS
    )


@dataclass
class Door:
    """Shared by the threads of a process; `places`: how many may wait at once."""

    factory: Callable[[], Client] = connect
    places: int = max(1, WEB_THREADS // 4)
    clock: Callable[[], float] = time.monotonic
    _client: Client | None = None
    _paused_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._waiting = threading.BoundedSemaphore(self.places)

    def ask(self, questions: Sequence[Question], *, seconds: float = SECONDS) -> list[Reply]:
        """A reply for each, in order; all together within `seconds` and what one exchange may take beyond."""
        if not questions:
            return []
        if connection.in_atomic_block:
            raise TransactionOpenError("a lookup is never asked inside a transaction")
        if not self._waiting.acquire(blocking=False):
            log.warning("lookup_too_many_waiting", count=len(questions))
            return [Reply("unavailable", code="busy") for _each in questions]
        try:
            # Given back: whoever waits must not keep from the others what they need.
            connection.close()
            until = self.clock() + seconds
            return [self._one(question, until) for question in questions]
        finally:
            self._waiting.release()

    def _one(self, question: Question, until: float) -> Reply:
        now = self.clock()
        if now < self._paused_until:
            return Reply("unavailable", code="hub-paused")
        if now >= until:
            return Reply("unavailable", code="no-time-left")
        try:
            answer = self._hub().lookup(
                question.name,
                question.query,
                purpose=question.purpose,
                procedure=question.procedure,
                budget=until - now,
            )
        except HubUnavailable as error:
            self._paused_until = self.clock() + min(error.retry_after or PAUSE, LONGEST_PAUSE)
            log.warning("lookup_hub_unavailable", lookup=question.name)
            return Reply("unavailable", code="hub-unavailable")
        except HubRefused as error:
            # A right, a name or a schema: an operator's to mend, and no reason to keep a person from going on.
            log.error("lookup_refused", lookup=question.name, status=error.problem.status, kind=error.problem.kind)
            return Reply("unavailable", code="hub-refused")
        return Reply(
            answer.result, answer.data, answer.at or "", answer.message, answer.instead or "", answer.code or ""
        )

    def _hub(self) -> Client:
        with self._lock:
            if self._client is None:
                self._client = self.factory()
            return self._client


@cache
def door() -> Door:
    """The one of this process."""
    return Door()
