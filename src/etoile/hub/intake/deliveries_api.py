from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from etoile.hub.delivery import services, tries
from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.intake.authentication import OAuth2, known
from etoile.hub.intake.idempotency import once
from etoile.hub.intake.problems import refused
from etoile.hub.intake.shapes import AttemptList, Decision, DeliveryList, DeliveryOut
from etoile.hub.journal.models import Message
from etoile.hub.registry.directory import ApplicationView

router = Router(tags=["deliveries"], auth=OAuth2("deliveries:read"))
Decide = Callable[..., int]


@router.get("/deliveries", response=DeliveryList, summary="Deliveries of your events, and to you, the latest first")
def deliveries(
    request: HttpRequest,
    response: HttpResponse,
    state: DeliveryState | None = None,
    application: str | None = None,
    subject: str | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Pages: follow the `Link` header, `rel="next"`; there is none on the last page."""
    with connection.cursor() as cursor:
        caller, snapshot = known(request, cursor)
    found = _visible(caller)
    if state is not None:
        found = found.filter(state=state)
    if application is not None:
        view = snapshot.applications.get(application)
        found = found.filter(application_id=view.id if view else -1)
    if subject is not None:
        found = found.filter(subject=subject)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found.order_by("-id")[: limit + 1])
    page = rows[:limit]
    if len(rows) > limit:
        query = request.GET.dict() | {"after": str(page[-1].id)}
        response["Link"] = f'<{request.path}?{urlencode(query)}>; rel="next"'
    return {"items": [DeliveryOut.of(each, snapshot) for each in page]}


@router.get("/deliveries/{uuid:id}/attempts", response=AttemptList, summary="The tries of a delivery")
def attempts(request: HttpRequest, id: UUID) -> dict[str, Any]:
    _, delivery = _one(request, id)
    return {"items": tries.of([delivery])}


@router.post(
    "/deliveries/{uuid:id}/replay",
    response=DeliveryOut,
    auth=OAuth2("deliveries:write"),
    summary="Send again, from the start of the list of delays",
)
def replay(request: HttpRequest, id: UUID, decision: Decision) -> dict[str, Any]:
    """With an `Idempotency-Key`, a request sent twice is done once."""
    return _decide(request, id, decision, services.replay)


@router.post(
    "/deliveries/{uuid:id}/cancel",
    response=DeliveryOut,
    auth=OAuth2("deliveries:write"),
    summary="Close without delivering",
)
def cancel(request: HttpRequest, id: UUID, decision: Decision) -> dict[str, Any]:
    """With an `Idempotency-Key`, a request sent twice is done once."""
    return _decide(request, id, decision, services.cancel)


def _decide(request: HttpRequest, id: UUID, decision: Decision, decide: Decide) -> dict[str, Any]:
    caller, before = _one(request, id)

    def write() -> dict[str, Any]:
        if not decide(id, actor=caller.slug, reason=decision.reason):
            raise refused(409, "wrong-state", "This cannot be decided now.", f"The delivery is {before.state}.")
        return _shown(request, id)

    return once(request, caller.slug, write)


def _shown(request: HttpRequest, id: UUID) -> dict[str, Any]:
    with connection.cursor() as cursor:
        _, snapshot = known(request, cursor)
    return DeliveryOut.of(Delivery.objects.get(pk=id), snapshot).model_dump(mode="json")


def _one(request: HttpRequest, id: UUID) -> tuple[ApplicationView, Delivery]:
    with connection.cursor() as cursor:
        caller, _ = known(request, cursor)
    delivery = _visible(caller).filter(pk=id).first()
    if delivery is None:
        raise refused(404, "not-found", "There is no such delivery of your events, or to you.")
    return caller, delivery


def _visible(caller: ApplicationView) -> QuerySet[Delivery]:
    said_by_caller = Message.objects.filter(pk=OuterRef("message_id"), source=caller.slug)
    return Delivery.objects.filter(Q(application_id=caller.id) | Exists(said_by_caller))
