"""Fees read: those of a case."""

import uuid

from etoile.gru.fees.models import Difference, Fee, State


def of_case(case_id: uuid.UUID) -> list[Fee]:
    """In the order in which they were asked. One statement."""
    return list(Fee.objects.filter(case=case_id))


def is_due(case_id: uuid.UUID) -> bool:
    """Whether a payment is awaited. One statement."""
    return Fee.objects.filter(case=case_id, state=State.DUE).exists()


def differences_of(case_id: uuid.UUID) -> list[Difference]:
    """In the order in which they were found. One statement."""
    return list(Difference.objects.filter(case=case_id))
