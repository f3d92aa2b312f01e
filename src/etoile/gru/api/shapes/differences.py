"""A price that changed once it was asked or paid, as the API gives it. Amounts are in cents of euro."""

import uuid
from datetime import date, datetime

from ninja import Field, Schema

from etoile.gru.api.shapes.acts import AGENT
from etoile.gru.api.shapes.given import Given
from etoile.gru.fees.differences import Choice, Held
from etoile.gru.fees.models import Difference, How
from etoile.gru.fees.services import MOST, WORDS_LIMIT


class PriceDecisionIn(Given):
    agent: str = Field(max_length=254, description=AGENT)
    decision: Choice = Field(
        description="ask: a payment of its own; adjust: the payment that is asked takes it; give_back: note that the"
        " till or the treasury gave it back; leave: nothing is asked nor given back. One of those in `decisions`."
    )
    gap_cents: int = Field(
        gt=-MOST, lt=MOST, description="The sum that was read, as `gap_cents` gave it: another one now is refused."
    )
    how: How | None = Field(None, description="As for a payment. Needed to ask.")
    words: str = Field("", max_length=WORDS_LIMIT, description="As for a payment.")
    due_on: date | None = None
    reference: str = Field("", max_length=128, description="Of what was given back. Needed then.")
    reason: str = Field("", max_length=WORDS_LIMIT, description="The person reads it. Needed to leave.")


class PriceDifferenceOut(Schema):
    id: uuid.UUID
    state: str = Field(description="open, to be decided; asked, given_back or left; even: there is none any more")
    before_cents: int = Field(description="The price before the answers changed.")
    after_cents: int
    gap_cents: int | None = Field(
        None, description="While it is open: what is still to be asked; below zero, what is in excess."
    )
    decisions: list[Choice] = Field(description="What may be decided of it now.")
    amount_cents: int = Field(description="What was asked or taken off, or given back, once decided.")
    reference: str
    reason: str
    found_at: datetime
    decided_at: datetime | None = None
    decided_by: str

    @classmethod
    def of(cls, found: Difference, has: Held) -> "PriceDifferenceOut":
        is_open = found.state == Difference.State.OPEN
        return cls(
            before_cents=found.before,
            after_cents=found.after,
            gap_cents=has.gap(found.after) if is_open else None,
            decisions=list(has.choices(found.after)) if is_open else [],
            amount_cents=found.amount,
            **{name: getattr(found, name) for name in _SAME},
        )


_SAME = ("id", "state", "reference", "reason", "found_at", "decided_at", "decided_by")


class PriceDifferencesOut(Schema):
    items: list[PriceDifferenceOut]
