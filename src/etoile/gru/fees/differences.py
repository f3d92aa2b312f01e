"""What is between the price of a request and what was asked or paid of it. In cents of euro."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from etoile.gru.cases.models import Case
from etoile.gru.fees.models import Difference, Fee, State

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


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
    given = Difference.objects.filter(case=case_id, state=Difference.State.GIVEN_BACK)
    refunds = Fee.objects.filter(case=case_id, state=State.REFUNDED).order_by("-settled_at").values("settled_at")[:1]
    # A payment that is given back whole takes with it what was given back of it before.
    since = given.exclude(decided_at__lte=Coalesce(Subquery(refunds), LONG_AGO)).values_list("amount", flat=True)
    return Held(next((each for each in fees if each.state == State.DUE), None), max(paid - sum(since), 0))


def open_one(case_id: uuid.UUID) -> Difference | None:
    """What an agent has to decide. One statement."""
    return Difference.objects.filter(case=case_id, state=Difference.State.OPEN).first()


def note(case: Case) -> bool:
    """A payment changed: true when nothing is left to decide of what was. In the caller's transaction. One statement,
    as a rule."""
    found = open_one(case.pk)
    if found is None or found.after != held(case.pk).total:
        return False
    found.state, found.decided_at = Difference.State.EVEN, timezone.now()
    found.save(update_fields=["state", "decided_at"])
    return True
