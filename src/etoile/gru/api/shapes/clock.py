"""The legal dates of a case, as the API gives them. Days are local to the authority."""

from collections.abc import Sequence
from datetime import date, datetime

from ninja import Field, Schema

from etoile.gru.cases.clock import running
from etoile.gru.cases.models import Case, DocumentRequest


class ReceiptsOut(Schema):
    registration: date = Field(description="Last day for the registration receipt (CRPA R112-11-1).")
    acknowledgement: date = Field(description="Last day for the acknowledgement (CRPA R112-11-4).")


class ClockOut(Schema):
    regime: str = Field(description="What silence is worth: accept, reject or none.")
    silence_on: date | None = Field(
        None, description="The last day of the delay; null, silence decides nothing or waits for documents."
    )
    since: date | None = Field(None, description="The day the delay is counted from.")
    suspended_days: int = Field(description="Added to a delay of refusal while indispensable documents were awaited.")
    waiting: bool = Field(description="A delay of acceptance that has not begun: indispensable documents are awaited.")
    implicit_on: date | None = Field(None, description="The day on which silence became a decision.")
    received_on: date = Field(description="Received by this authority.")
    first_received_on: date | None = Field(None, description="Received before by an authority that could not decide.")
    competent_on: date | None = Field(None, description="Transmitted to the one that may decide (CRPA L114-3).")
    receipts: ReceiptsOut
    due_on: date | None = Field(None, description="The nearer of silence and of the first answer that was promised.")
    answer_due_at: datetime | None = Field(None, description="When a first answer was promised for.")
    answered_at: datetime | None = None

    @classmethod
    def of(cls, case: Case, requests: Sequence[DocumentRequest]) -> "ClockOut":
        """The date is the one that is kept: an answer, or a decision by silence, has made it history."""
        read, receipts = running.read(case, requests), running.receipts(case)
        kept = {name: getattr(case, name) for name in cls.model_fields if hasattr(case, name)}
        return cls(
            **kept,
            regime=case.silence_regime,
            silence_on=case.silence_date,
            since=read.since if case.silence_date is not None else None,
            suspended_days=read.suspended,
            waiting=case.is_open and case.silence_date is None and read.waiting,
            received_on=running.received_on(case),
            receipts=ReceiptsOut(registration=receipts.registration, acknowledgement=receipts.acknowledgement),
        )
