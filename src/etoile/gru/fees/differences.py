"""What is between the price of a request and what was asked or paid of it. In cents of euro."""

import uuid
from dataclasses import dataclass

from django.utils import timezone

from etoile.gru.cases.models import Case
from etoile.gru.fees.models import Difference, Fee, State


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

    @property
    def ours(self) -> Fee | None:
        """The payment that an agent asked: one that an application asked is that application's to change."""
        return self.due if self.due is not None and not self.due.source else None


def held(case_id: uuid.UUID) -> Held:
    """Two statements."""
    fees = list(Fee.objects.filter(case=case_id).exclude(state=State.CANCELLED))
    paid = sum(each.amount for each in fees if each.state == State.PAID)
    refunds = [each.settled_at for each in fees if each.state == State.REFUNDED and each.settled_at]
    given = Difference.objects.filter(case=case_id, state=Difference.State.GIVEN_BACK)
    if refunds:
        # A payment that is given back whole takes with it what was given back of it before.
        given = given.filter(decided_at__gt=max(refunds))
    back = sum(given.values_list("amount", flat=True))
    return Held(next((each for each in fees if each.state == State.DUE), None), max(paid - back, 0))


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
