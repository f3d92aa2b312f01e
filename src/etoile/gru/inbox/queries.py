"""What waits for a decision of ours."""

from collections.abc import Iterable

from django.db.models import QuerySet

from etoile.gru.inbox.models import IncomingEvent, State


def quarantined(siret: str) -> QuerySet[IncomingEvent]:
    """Events of an authority whose case is unknown, oldest first: an operator retries or dismisses each."""
    return IncomingEvent.objects.filter(authority=siret, state=State.QUARANTINED).order_by("received_at", "id")


def waiting(case_ids: Iterable[object]) -> QuerySet[IncomingEvent]:
    """What applications said of cases meanwhile, oldest first: applied once they are in use again."""
    found = IncomingEvent.objects.filter(case_id__in=list(case_ids), state=State.WAITING)
    return found.order_by("received_at", "pk")


def of_case(case_id: object) -> QuerySet[IncomingEvent]:
    """Everything the hub delivered about a case, in the order it came."""
    return IncomingEvent.objects.filter(case_id=case_id).order_by("received_at", "id")
