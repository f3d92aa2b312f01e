from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from ninja import Router

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.hub.delivery.models import Delivery
from etoile.hub.intake.authentication import OAuth2, known
from etoile.hub.intake.problems import refused
from etoile.hub.intake.shapes import DeliveryList, DeliveryOut, EventOut
from etoile.hub.journal.models import Message
from etoile.hub.registry import pairwise
from etoile.hub.registry.directory import ApplicationView

router = Router(tags=["events"], auth=OAuth2("events:read"))


@router.get("/events/{id}", response=EventOut, summary="One of your events, and what became of it")
def event(request: HttpRequest, id: str) -> dict[str, Any]:
    """`id` is the hub's identifier of the event or your own."""
    with connection.cursor() as cursor:
        application, snapshot = known(request, cursor)
    message = _own(application, id)
    return {
        "id": message.id,
        "received_at": message.received_at,
        "state": message.state,
        "event": _as_said(message, application),
        "deliveries": [DeliveryOut.of(each, snapshot) for each in _deliveries(message)],
    }


@router.get("/events/{id}/deliveries", response=DeliveryList, summary="The deliveries of one of your events")
def deliveries_of_event(request: HttpRequest, id: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        application, snapshot = known(request, cursor)
    return {"items": [DeliveryOut.of(each, snapshot) for each in _deliveries(_own(application, id))]}


def _own(application: ApplicationView, reference: str) -> Message:
    named = Q(event_id=reference)
    with suppress(ValueError):
        named |= Q(pk=UUID(reference))
    message = Message.objects.filter(named, source=application.slug).first()
    if message is None:
        raise refused(404, "not-found", "You published no event of this identifier.")
    return message


def _deliveries(message: Message) -> list[Delivery]:
    return list(Delivery.objects.filter(message_id=message.id).order_by("position"))


def _as_said(message: Message, application: ApplicationView) -> dict[str, Any]:
    """The event with persons called as the application calls them."""
    kept = Event.from_json(message.payload.encode())
    return schemas.rewrite(kept, "person", lambda person: pairwise.alias(application, person)).to_dict()
