"""What a connector says of one delivery, and the statuses that come back with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, get_args

Status = Literal[
    "received",
    "in_progress",
    "more_information_needed",
    "payment_due",
    "transferred",
    "accepted",
    "refused",
    "closed",
    "withdrawn",
]
STATUSES = frozenset(get_args(Status))
# What the contract takes of an application's words (case.status_changed).
MAX_NUMBER, MAX_CODE, MAX_LABEL, MAX_MESSAGE = 100, 100, 200, 5000


class OutcomeKind(StrEnum):
    """ACKNOWLEDGED: recorded by the application. ACCEPTED: taken, its number comes later. RETRY: nothing is wrong with
    the request. FIX_DATA: the content is refused as it is. FIX_CONFIGURATION: address, access or setting to mend.
    BUSINESS_NO: a normal refusal of the trade. MANUAL: a person must look before anything else."""

    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    RETRY = "retry"
    FIX_DATA = "fix_data"
    FIX_CONFIGURATION = "fix_configuration"
    BUSINESS_NO = "business_no"
    MANUAL = "manual"

    @property
    def settles(self) -> bool:
        """Whether the application has the request: nothing more is to be sent."""
        return self in (OutcomeKind.ACKNOWLEDGED, OutcomeKind.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Returned:
    """A status told by an application; the hub makes a `case.status_changed` event of it, in the application's name.

    `status` is one of STATUSES; `occurred_at` is aware; `business_code` and `business_label` are the application's own
    words; `message` is for the person; `sequence` is the application's own counter, when it has one.
    """

    status: str
    occurred_at: datetime
    business_code: str | None = None
    business_label: str | None = None
    message: str | None = None
    external_id: str | None = None
    sequence: int | None = None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"unknown status {self.status!r}, expected one of {', '.join(sorted(STATUSES))}")
        if self.occurred_at.tzinfo is None:
            raise ValueError("occurred_at must be aware")


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that an application writes to the person of a case; the hub makes a `case.message_posted` event of it.

    `id` is the same each time the same message is told; `body` has 1 to 20,000 characters; `sent_at` is aware.
    """

    id: str
    body: str
    sent_at: datetime

    def __post_init__(self) -> None:
        if self.sent_at.tzinfo is None:
            raise ValueError("sent_at must be aware")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a delivery ended. Made by the class methods below.

    `message` is French, for an agent; `detail` is technical and holds no personal value; `retry_after` in seconds, None
    for the subscription's own schedule.
    """

    kind: OutcomeKind
    external_id: str | None = None
    message: str = ""
    detail: str = ""
    retry_after: float | None = None
    http_status: int | None = None
    returned: tuple[Returned, ...] = ()

    @classmethod
    def acknowledged(
        cls,
        external_id: str | None = None,
        message: str = "",
        returned: Sequence[Returned] = (),
        *,
        detail: str = "",
        http_status: int | None = None,
    ) -> Outcome:
        return cls(OutcomeKind.ACKNOWLEDGED, external_id, message, detail, None, http_status, tuple(returned))

    @classmethod
    def accepted(
        cls, message: str, external_id: str | None = None, *, detail: str = "", http_status: int | None = None
    ) -> Outcome:
        return cls(OutcomeKind.ACCEPTED, external_id, message, detail, None, http_status)

    @classmethod
    def retry(
        cls, message: str, after: float | None = None, *, detail: str = "", http_status: int | None = None
    ) -> Outcome:
        return cls(OutcomeKind.RETRY, None, message, detail, after, http_status)

    @classmethod
    def fix_data(cls, message: str, detail: str = "", *, http_status: int | None = None) -> Outcome:
        return cls(OutcomeKind.FIX_DATA, None, message, detail, None, http_status)

    @classmethod
    def fix_configuration(cls, message: str, detail: str = "", *, http_status: int | None = None) -> Outcome:
        return cls(OutcomeKind.FIX_CONFIGURATION, None, message, detail, None, http_status)

    @classmethod
    def business_no(cls, message: str, detail: str = "", *, http_status: int | None = None) -> Outcome:
        return cls(OutcomeKind.BUSINESS_NO, None, message, detail, None, http_status)

    @classmethod
    def manual(cls, message: str, detail: str = "", *, http_status: int | None = None) -> Outcome:
        return cls(OutcomeKind.MANUAL, None, message, detail, None, http_status)
