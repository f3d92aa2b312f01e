"""A question asked through the hub, and what the asker is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from etoile.hub.registry.directory import LookupView, ProviderView
from etoile.sdk import LookupOutcome, LookupResult


class Freshness(StrEnum):
    """FRESH: a provider has just said it. CACHED: it said it not long ago. STALE: nobody answers now, or its newer data
    cannot be read: it is the last that is known."""

    FRESH = "fresh"
    CACHED = "cached"
    STALE = "stale"


class Code(StrEnum):
    """Why there is no answer, for a program."""

    TIMEOUT = "provider-timeout"
    DOWN = "provider-down"
    PAUSED = "provider-paused"
    MISCONFIGURED = "provider-misconfigured"
    REFUSED = "provider-refused"
    NOT_FOUND = "not-found"


class NotAllowedError(Exception):
    """The application may not ask this, or not for that purpose."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Question:
    """`actor`: who asks, an application's slug or an operator; `reason`: theirs, when a person tries it."""

    view: LookupView
    query: dict[str, Any]
    purpose: str
    procedure: str
    actor: str
    reason: str = ""

    def __repr__(self) -> str:
        # What is asked is about a person.
        return f"<Question {self.view.name} by {self.actor}>"


@dataclass(frozen=True, slots=True)
class Try:
    """What one provider said. `milliseconds`: how long it took; `asked` False: it was not called, it is paused."""

    provider: ProviderView
    outcome: LookupOutcome
    milliseconds: int = 0
    asked: bool = True
    probing: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the asker is told. `data` follows the schema of the lookup; `message` is French, made to be read by an agent
    or a person; `at`: when the answer was true."""

    result: LookupResult
    data: Any = None
    provider: str | None = None
    at: datetime | None = None
    freshness: Freshness | None = None
    code: Code | None = None
    message: str = ""
    instead: str | None = None
    tries: tuple[Try, ...] = ()

    def __repr__(self) -> str:
        return f"<Answer {self.result} of {self.provider}>"
