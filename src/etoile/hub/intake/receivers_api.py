"""Trying one's own events: an application asks what would become of what it is about to say, before it changes."""

from typing import Any

from django.db import connection
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from etoile.contract.envelope import BATCH, STRUCTURED
from etoile.hub.intake import envelopes
from etoile.hub.intake.authentication import OAuth2, known
from etoile.hub.intake.checks import check_batch
from etoile.hub.intake.operation import plain
from etoile.hub.routing.receivers import Receiver, receivers

router = Router(tags=["events"], auth=OAuth2("registry:read"))


class ReadOut(Schema):
    path: str = Field(description="A place of the data, such as answers.lieu.latitude.")
    by: str = Field(description="filter, mapping or settings.")
    required: bool = Field(description="Without it the delivery waits for somebody.")


class ValueOut(Schema):
    pointer: str
    source: str | None
    value: Any
    failure: str


class ReceiverOut(Schema):
    subscription: str
    application: str
    name: str
    active: bool
    connector: str
    doubt: str = Field(description="The filter has no value on this event, which would be held: why.")
    fields_allowed: list[str] = Field(description="What the application may see; everything when empty.")
    reads: list[ReadOut]
    values: list[ValueOut] = Field(description="What each leaf of the mapping gives.")


class RehearsedEvent(Schema):
    id: str
    receivers: list[ReceiverOut]


class Rehearsals(Schema):
    items: list[RehearsedEvent]


_BODY = {"schema": {"$ref": "#/components/schemas/Event"}}
POSTED = {
    "requestBody": {
        "required": True,
        "content": {
            STRUCTURED: _BODY,
            BATCH: {"schema": {"type": "array", "items": _BODY["schema"], "minItems": 1}},
        },
    }
}


@router.post("/rehearsals", response=Rehearsals, summary="Try your events on nobody", openapi_extra=POSTED)
def rehearse(request: HttpRequest) -> dict[str, Any]:
    """The events as you would publish them, refused as they would be: who would take each, which places of the data
    each receiver reads, what its mapping gives. Nothing is kept, nothing leaves."""
    media_type = envelopes.media_type(request)
    events = envelopes.events(media_type, request.headers, envelopes.read(request, media_type))
    with connection.cursor() as cursor:
        application, snapshot = known(request, cursor)
    check_batch(events, application)
    found = zip(events, receivers(events, application, snapshot), strict=True)
    return {"items": [{"id": event.id, "receivers": [_told(each) for each in taking]} for event, taking in found]}


def _told(receiver: Receiver) -> dict[str, Any]:
    view = receiver.subscription
    return {
        "subscription": view.slug,
        "application": view.application.slug,
        "name": view.application.name,
        "active": view.active,
        "connector": view.connector,
        "doubt": receiver.doubt,
        "fields_allowed": list(receiver.fields),
        "reads": [plain(each, ("path", "by", "required")) for each in receiver.reads],
        "values": [plain(each, ("pointer", "source", "value", "failure")) for each in receiver.leaves],
    }
