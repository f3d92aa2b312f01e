"""What is to be paid for a request, as the API gives it. Amounts are in cents of euro."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from ninja import Field, Schema

from etoile.gru.api.shapes.acts import AGENT
from etoile.gru.api.shapes.given import Given
from etoile.gru.fees.models import Fee, How, State
from etoile.gru.fees.services import MOST, WORDS_LIMIT


class Settled(StrEnum):
    """The end of a payment."""

    PAID = State.PAID.value
    CANCELLED = State.CANCELLED.value
    REFUNDED = State.REFUNDED.value


class PaymentIn(Given):
    agent: str = Field(max_length=254, description=AGENT)
    amount_cents: int = Field(gt=0, lt=MOST)
    how: How = Field(description="till, notice (a titre de recettes), or other: then `words` says how.")
    words: str = Field("", max_length=WORDS_LIMIT, description="The person reads it.")
    due_on: date | None = None


class SettlementIn(Given):
    agent: str = Field(max_length=254, description=AGENT)
    state: Settled = Field(description="A due payment is paid or cancelled; a paid one may be refunded.")
    reference: str = Field(
        "", max_length=128, description="Of the receipt, of the titre de recettes, of the refund. Needed when paid."
    )
    paid_on: date | None = Field(None, description="The day of the payment. Needed when paid.")
    reason: str = Field(
        "", max_length=WORDS_LIMIT, description="The person reads it. Needed when cancelled or refunded."
    )


class PaymentOut(Schema):
    id: uuid.UUID
    amount_cents: int
    refunded_cents: int = Field(description="What was given back when it ended as refunded: what was left of it.")
    state: str = Field(description="due, paid, cancelled or refunded")
    how: str = Field(description="till, notice or other")
    words: str
    due_on: date | None = None
    reference: str
    reason: str
    application: str = Field(description="The application that told it through the hub; empty, an agent asked.")
    asked_at: datetime
    asked_by: str
    settled_at: datetime | None = None
    settled_by: str
    paid_on: date | None = None

    @classmethod
    def of(cls, fee: Fee) -> "PaymentOut":
        renamed = {"amount_cents": fee.amount, "refunded_cents": fee.refunded, "application": fee.source}
        return cls(**renamed, **{name: getattr(fee, name) for name in cls.model_fields if name not in renamed})


class PaymentsOut(Schema):
    items: list[PaymentOut]
