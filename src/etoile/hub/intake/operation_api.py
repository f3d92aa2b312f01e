"""Operating the hub by its API: how it stands, deliveries and messages, decisions about them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from etoile.contract.identifiers import first_uuid7
from etoile.hub.delivery import engine, search, services, stored, tries
from etoile.hub.delivery.engine import Selection
from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.states import CANCELLABLE, REPLAYABLE, DeliveryState
from etoile.hub.intake.authentication import OAuth2
from etoile.hub.intake.idempotency import HEADER, once
from etoile.hub.intake.operation import (
    OPERATE,
    READ,
    actor,
    application_of,
    caller_of,
    following,
    page,
    plain,
    registry,
    subscription_of,
)
from etoile.hub.intake.operation_shapes import (
    Content,
    Day,
    Decided,
    MessageDetail,
    MessageLine,
    MessageLines,
    Name,
    Reasoned,
    SelectionIn,
    Status,
)
from etoile.hub.intake.problems import refused
from etoile.hub.intake.shapes import AttemptList, DeliveryList, DeliveryOut
from etoile.hub.journal import seals
from etoile.hub.journal import services as journal
from etoile.hub.journal.models import Entry, Message, MessageState
from etoile.hub.registry.directory import Snapshot

router = Router(tags=["operation"], auth=OAuth2(READ))
Limit = Annotated[int, Query(ge=1, le=200)]
# Under a key, the decision and its answer are one transaction, which locks each case: PostgreSQL has room for some six
# thousand locks as it is installed.
MOST_UNDER_KEY = 2_000
TOO_MANY = (
    f"With an Idempotency-Key a decision is about {MOST_UNDER_KEY} deliveries at most. Without one it is taken in"
    " slices, and may be asked again: what was moved is not moved twice."
)
VERBS = {"replay": (services.replay, REPLAYABLE), "cancel": (services.cancel, CANCELLABLE)}


@router.get("/hub/status", response=Status, summary="How the hub stands")
def hub_status(request: HttpRequest) -> dict[str, Any]:
    """What waits, by subscription and state, and how the journal is sealed."""
    snapshot = registry(request)
    with connection.cursor() as cursor:
        stats = engine.stats(cursor)
        last, (unsealed, since) = seals.last(cursor), seals.waiting(cursor)
    opened = []
    for each in stats:
        view = snapshot.subscriptions.get(each.subscription_id)
        opened.append(
            {
                "subscription": view.slug if view else f"#{each.subscription_id}",
                "application": view.application.slug if view else "",
                "active": bool(view and view.active),
                "by_state": dict(each.by_state),
                "oldest": each.oldest,
            }
        )
    return {
        "applications": len(snapshot.applications),
        "subscriptions": len(snapshot.subscriptions),
        "unrouted": Message.objects.filter(state=MessageState.UNROUTED).count(),
        "open": opened,
        "journal": {
            "last": last.at if last else None,
            "hash": last.hash.hex() if last else None,
            "unsealed": unsealed,
            "unsealed_since": since,
        },
    }


class DeliveryQuery(Schema):
    """Exact criteria that combine. `case`: a reference, a subject or an identifier. `error`: words of an explanation,
    the last one may be a beginning. `since`, `until`: days, both included."""

    state: list[DeliveryState] = []
    application: Name | None = None
    subscription: Name | None = None
    type: Name = ""
    case: Name = ""
    external: Name = ""
    error: Name = ""
    since: Day | None = None
    until: Day | None = None
    after: UUID | None = None
    oldest_first: bool = False
    limit: int = Field(default=50, ge=1, le=200)


@router.get("/hub/deliveries", response=DeliveryList, summary="All deliveries, the latest first")
def hub_deliveries(request: HttpRequest, response: HttpResponse, asked: Query[DeliveryQuery]) -> dict[str, Any]:
    """As the console searches them. Pages: the `Link` header, rel="next"."""
    snapshot = registry(request)
    criteria = search.Criteria(
        case=asked.case,
        application=application_of(snapshot, asked.application).id if asked.application else None,
        subscription=subscription_of(snapshot, asked.subscription).id if asked.subscription else None,
        type=asked.type,
        states=tuple(state.value for state in asked.state),
        number=asked.external,
        words=asked.error,
        since=asked.since,
        until=asked.until,
    )
    found = search.page(criteria, search.Place(after=asked.after, oldest_first=asked.oldest_first), asked.limit)
    if found.next_key:
        following(request, response, found.next_key)
    return {"items": [DeliveryOut.of(each, snapshot) for each in found.rows]}


@router.get("/hub/deliveries/{uuid:id}", response=DeliveryOut, summary="One delivery")
def hub_delivery(request: HttpRequest, id: UUID) -> DeliveryOut:
    return DeliveryOut.of(_delivery(id), registry(request))


@router.get("/hub/deliveries/{uuid:id}/attempts", response=AttemptList, summary="Its tries, with what was exchanged")
def hub_attempts(request: HttpRequest, id: UUID) -> dict[str, Any]:
    """`exchange` is redacted of secrets and of personal data before it is kept."""
    return {"items": tries.of([_delivery(id)])}


@router.post("/hub/deliveries/replay", response=Decided, auth=OAuth2(OPERATE), summary="Send deliveries again")
def hub_replay(request: HttpRequest, chosen: SelectionIn) -> dict[str, Any]:
    """Those that are stuck, over, waiting for a retry or held in doubt, from the start of the list of delays."""
    return _decide(request, chosen, "replay")


@router.post("/hub/deliveries/cancel", response=Decided, auth=OAuth2(OPERATE), summary="Close without delivering")
def hub_cancel(request: HttpRequest, chosen: SelectionIn) -> dict[str, Any]:
    """The rest of each lane goes on; the sources of the messages are told. Also for what was dealt with elsewhere."""
    return _decide(request, chosen, "cancel")


@router.get("/hub/messages", response=MessageLines, summary="All messages, the latest first, without their content")
def hub_messages(
    request: HttpRequest,
    response: HttpResponse,
    case: str | None = None,
    source: str | None = None,
    type: str | None = None,
    state: MessageState | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: UUID | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    found = _period(Message.objects.defer("payload"), since, until)
    exact = {"reference": case, "source": source, "type": type, "state": state}
    found = found.filter(**{name: value for name, value in exact.items() if value is not None})
    return {"items": [_line(each) for each in page(request, response, found, after, limit)]}


@router.get("/hub/messages/{uuid:id}", response=MessageDetail, summary="One message, its deliveries, its journal")
def hub_message(request: HttpRequest, id: UUID) -> dict[str, Any]:
    message, snapshot = _message(id), registry(request)
    deliveries = list(Delivery.objects.filter(message_id=id).order_by("position"))
    entries = Entry.objects.filter(message_id=id).order_by("id")
    return {
        **_line(message),
        "deliveries": [DeliveryOut.of(each, snapshot) for each in deliveries],
        "journal": [plain(each, ("at", "kind", "actor", "detail")) for each in entries],
    }


@router.post("/hub/messages/{uuid:id}/content", response=Content, auth=OAuth2(OPERATE), summary="Open its content")
def hub_content(request: HttpRequest, id: UUID, why: Reasoned) -> dict[str, Any]:
    """Personal data: the journal keeps who opened it, and why."""
    message = _message(id)
    with connection.cursor() as cursor:
        journal.record(cursor, "message.opened", actor=actor(request), message_id=id, detail={"reason": why.reason})
    return {"event": stored.read(message.payload).to_dict()}


def _period(rows: QuerySet[Any], since: datetime | None, until: datetime | None) -> QuerySet[Any]:
    """The key carries the time."""
    try:
        if since is not None:
            rows = rows.filter(pk__gte=first_uuid7(since))
        if until is not None:
            rows = rows.filter(pk__lt=first_uuid7(until))
    except (ValueError, OverflowError):
        raise refused(422, "invalid-request", "A date is out of bounds.") from None
    return rows


def _line(message: Message) -> dict[str, Any]:
    return plain(message, tuple(MessageLine.model_fields))


def _delivery(id: UUID) -> Delivery:
    found = Delivery.objects.filter(pk=id).first()
    if found is None:
        raise refused(404, "not-found", "There is no such delivery.")
    return found


def _message(id: UUID) -> Message:
    found = Message.objects.filter(pk=id).first()
    if found is None:
        raise refused(404, "not-found", "There is no such message.")
    return found


def _decide(request: HttpRequest, chosen: SelectionIn, verb: str) -> dict[str, Any]:
    decide, states = VERBS[verb]
    selection = _selection(chosen, registry(request))

    def number() -> int:
        with connection.cursor() as cursor:
            return engine.span(cursor, selection, states).number

    def write() -> dict[str, Any]:
        if HEADER in request.headers and number() > MOST_UNDER_KEY:
            raise refused(422, "too-many", TOO_MANY)
        return {"deliveries": decide(selection, actor=actor(request), reason=chosen.reason), "done": True}

    if chosen.dry_run:
        return {"deliveries": number(), "done": False}
    return once(request, caller_of(request).application, write)


def _selection(chosen: SelectionIn, snapshot: Snapshot) -> Selection:
    given = chosen.model_dump(exclude={"reason", "dry_run"}, exclude_defaults=True)
    if not given:
        raise refused(422, "invalid-request", "Say which deliveries: identifiers, or at least one criterion.")
    return Selection(
        ids=chosen.ids,
        message_id=chosen.message,
        subscription_id=subscription_of(snapshot, chosen.subscription).id if chosen.subscription else None,
        application_id=application_of(snapshot, chosen.application).id if chosen.application else None,
        states=chosen.states,
        subject=_subject(chosen.case) if chosen.case else None,
        since=chosen.since,
        until=chosen.until,
        words=chosen.error or None,
    )


def _subject(reference: str) -> str:
    subjects = list(Message.objects.filter(reference=reference).values_list("subject", flat=True).distinct()[:2])
    if len(subjects) != 1:
        found = "several cases" if subjects else "no case"
        raise refused(422, "unknown-case", f"The hub knows {found} of this reference.")
    return str(subjects[0])
