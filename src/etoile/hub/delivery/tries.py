"""The tries of deliveries: those that are over have their row, the one in progress is the lease itself."""

from collections.abc import Iterable

from etoile.hub.delivery.models import Attempt, Delivery
from etoile.hub.delivery.states import DeliveryState


def of(deliveries: Iterable[Delivery]) -> list[Attempt]:
    """All the tries of these deliveries, oldest first. One in progress has no key and no end; it is not saved."""
    found = list(deliveries)
    over = list(Attempt.objects.filter(delivery_id__in=[each.pk for each in found]).order_by("started_at", "id"))
    under_way = [_in_progress(each) for each in found if each.state == DeliveryState.LEASED]
    return over + sorted(under_way, key=lambda attempt: attempt.started_at)


def _in_progress(delivery: Delivery) -> Attempt:
    return Attempt(
        id=None,
        delivery_id=delivery.pk,
        number=delivery.attempts,
        worker=delivery.leased_by or "",
        started_at=delivery.leased_at,
    )
