"""What is between the price of a request and what was asked or paid of it. In cents of euro."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from etoile.gru.cases.models import Case
from etoile.gru.fees.models import Difference, Fee, State


class Choice(StrEnum):
    """What may be decided of a difference: the verbs of `deciding`."""

    ASK = "ask"
    ADJUST = "adjust"
    GIVE_BACK = "give_back"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Held:
    """What a request has of its price: `due`, the payment that is asked, if any; `paid`, without what was given
    back."""

    due: Fee | None
    paid: int

    @property
    def total(self) -> int:
        return self.paid + (self.due.amount if self.due else 0)

    def gap(self, price: int) -> int:
        """What is still to be asked of this price; below zero, what is in excess."""
        return price - self.total

    def choices(self, price: int) -> tuple[Choice, ...]:
        """What may be decided of a difference with this price."""
        gap = self.gap(price)
        if self.ours is not None and self.ours.amount + gap >= 0:
            return Choice.ADJUST, Choice.LEAVE
        if gap > 0 and self.due is None:
            return Choice.ASK, Choice.LEAVE
        return (Choice.GIVE_BACK, Choice.LEAVE) if gap < 0 and self.paid else (Choice.LEAVE,)

    def left(self, fee: Fee) -> int:
        """What of a payment was not given back yet."""
        return min(fee.amount, self.paid) if fee.state == State.PAID else 0

    @property
    def ours(self) -> Fee | None:
        """The payment that an agent asked: one that an application asked is that application's to change."""
        return self.due if self.due is not None and not self.due.source else None


def held(case_id: uuid.UUID) -> Held:
    """Two statements."""
    return of_fees(case_id, Fee.objects.filter(case=case_id))


def of_fees(case_id: uuid.UUID, fees: Iterable[Fee]) -> Held:
    """`fees` are those of the case. One statement besides theirs."""
    known = list(fees)
    paid = sum(each.amount - each.refunded for each in known if each.state in {State.PAID, State.REFUNDED})
    given = Difference.objects.filter(case=case_id, state=Difference.State.GIVEN_BACK)
    back = sum(given.values_list("amount", flat=True))
    return Held(next((each for each in known if each.state == State.DUE), None), max(paid - back, 0))


def open_one(case_id: uuid.UUID) -> Difference | None:
    """What an agent has to decide. One statement."""
    return Difference.objects.filter(case=case_id, state=Difference.State.OPEN).first()


def note(case: Case) -> bool:
    """A payment changed: true when nothing is left to decide of what was. In the caller's transaction. One statement,
    as a rule."""
    found = open_one(case.pk)
    if found is None or held(case.pk).gap(found.after):
        return False
    found.state, found.decided_at = Difference.State.EVEN, timezone.now()
    found.save(update_fields=["state", "decided_at"])
    return True
