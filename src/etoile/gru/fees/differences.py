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

    @property
    def ours(self) -> Fee | None:
        """The payment that an agent asked: one that an application asked is that application's to change."""
        return self.due if self.due is not None and not self.due.source else None


def held(case_id: uuid.UUID) -> Held:
    """Two statements."""
    fees = list(Fee.objects.filter(case=case_id, state__in=[State.DUE, State.PAID]))
    paid = sum(each.amount for each in fees if each.state == State.PAID)
    given = Difference.objects.filter(case=case_id, state=Difference.State.GIVEN_BACK).values_list("amount", flat=True)
    return Held(next((each for each in fees if each.state == State.DUE), None), max(paid - sum(given), 0))


def open_one(case_id: uuid.UUID) -> Difference | None:
    """What an agent has to decide. One statement."""
    return Difference.objects.filter(case=case_id, state=Difference.State.OPEN).first()


def note(case: Case) -> None:
    """A payment changed: there may be nothing left to decide. In the caller's transaction. One statement, as a rule."""
    found = open_one(case.pk)
    if found is not None and found.after == held(case.pk).total:
        found.state, found.decided_at = Difference.State.EVEN, timezone.now()
        found.save(update_fields=["state", "decided_at"])
