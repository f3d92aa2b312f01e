"""Fees read: those of a case, and what its form said it would cost."""

import uuid

from etoile.gru.cases.models import Case
from etoile.gru.fees.models import Fee


def of_case(case_id: uuid.UUID) -> list[Fee]:
    """In the order in which they were asked. One statement."""
    return list(Fee.objects.filter(case=case_id))


def priced(case: Case) -> bool:
    """Whether its procedure costs something."""
    return bool(case.procedure_version.definition.price.rules)


def price_of(case: Case) -> int | None:
    """What the answers came to when the request was sent, in cents; None when the procedure has no price."""
    first = case.history.filter(number=1).first()
    found = first.detail.get("price") if first is not None else None
    return found if isinstance(found, int) and found > 0 else None
