"""What a connector says of one question asked at once, see `Connector.lookup`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from etoile.sdk.door import DoorError
from etoile.sdk.outcome import Outcome, OutcomeKind

_OURS = frozenset({"refused_address", "tls", "access"})


class LookupResult(StrEnum):
    """FOUND: there is an answer. NOT_FOUND: there is none, and that is an answer. REFUSED: the application understood
    the question and will not answer it. UNAVAILABLE: nothing is known; another provider may be asked."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class LookupOutcome:
    """How a question ended. Made by the class methods below.

    `data`: the answer in the application's own words; the hub maps it to the answer it promised. `message` is French,
    for an agent; `detail` is technical and holds no personal value. `at`: when the answer was true (aware), None for
    now; `stale`: it is the last one known, newer data could not be read. `misconfigured`: an address, an access or a
    setting of ours is to be mended. `retry_after` in seconds.
    """

    result: LookupResult
    data: Any = None
    message: str = ""
    detail: str = ""
    at: datetime | None = None
    stale: bool = False
    misconfigured: bool = False
    retry_after: float | None = None
    http_status: int | None = None

    def __repr__(self) -> str:
        # The answer is about a person: it must not reach a log through a traceback.
        return f"<LookupOutcome {self.result} {self.detail}>"

    @classmethod
    def found(
        cls, data: Any, *, at: datetime | None = None, stale: bool = False, http_status: int | None = None
    ) -> LookupOutcome:
        return cls(LookupResult.FOUND, data, at=at, stale=stale, http_status=http_status)

    @classmethod
    def not_found(
        cls,
        message: str = "",
        *,
        at: datetime | None = None,
        stale: bool = False,
        detail: str = "",
        http_status: int | None = None,
    ) -> LookupOutcome:
        return cls(LookupResult.NOT_FOUND, None, message, detail, at=at, stale=stale, http_status=http_status)

    @classmethod
    def refused(cls, message: str, detail: str = "", *, http_status: int | None = None) -> LookupOutcome:
        return cls(LookupResult.REFUSED, None, message, detail, http_status=http_status)

    @classmethod
    def unavailable(
        cls,
        message: str,
        detail: str = "",
        *,
        misconfigured: bool = False,
        retry_after: float | None = None,
        http_status: int | None = None,
    ) -> LookupOutcome:
        return cls(
            LookupResult.UNAVAILABLE,
            None,
            message,
            detail,
            misconfigured=misconfigured,
            retry_after=retry_after,
            http_status=http_status,
        )

    @classmethod
    def unanswered(cls, error: DoorError) -> LookupOutcome:
        """The outcome when no usable answer came."""
        kind = error.kind.value
        ours = kind in _OURS
        return cls.unavailable(
            error.message, kind, misconfigured=ours, retry_after=error.after, http_status=error.status
        )

    @classmethod
    def of(cls, outcome: Outcome) -> LookupOutcome:
        """The same failure as a delivery would tell it (`answers.by_status`, say): what is refused for its content is
        refused, what waits or is to be mended is unavailable."""
        if outcome.kind in (OutcomeKind.FIX_DATA, OutcomeKind.BUSINESS_NO):
            return cls.refused(outcome.message, outcome.detail, http_status=outcome.http_status)
        return cls.unavailable(
            outcome.message,
            outcome.detail,
            misconfigured=outcome.kind in (OutcomeKind.FIX_CONFIGURATION, OutcomeKind.MANUAL),
            retry_after=outcome.retry_after,
            http_status=outcome.http_status,
        )
