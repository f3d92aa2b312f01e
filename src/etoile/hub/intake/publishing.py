"""POST /v1/events, the hot path: few statements, no ORM, no framework between the body and the transaction.

Three statements for an event that is new and has a receiver: the token, the journal, the deliveries.
"""

from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from etoile.contract.envelope import BATCH, Event
from etoile.contract.problem import Violation
from etoile.hub.intake import envelopes
from etoile.hub.intake.callers import identify
from etoile.hub.intake.checks import check_batch, check_one
from etoile.hub.intake.problems import RefusedError, answer, passes, refused, unavailable
from etoile.hub.registry import directory
from etoile.hub.registry.directory import ApplicationView, Snapshot
from etoile.hub.routing.services import Acceptance, ConflictError, accept_many

SCOPE = "events:write"


@csrf_exempt
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    try:
        return _publish(request)
    except RefusedError as refusal:
        return answer(refusal)
    except (DatabaseError, InterfaceError) as error:
        if passes(error):
            return answer(unavailable())
        raise


publish.guarded = SCOPE  # type: ignore[attr-defined]


def _publish(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        caller = identify(cursor, request.META.get("HTTP_AUTHORIZATION"))
        caller.needs(SCOPE)
        media_type = envelopes.media_type(request)
        events = envelopes.events(media_type, request.headers, envelopes.read(request, media_type))
        snapshot = directory.current(cursor, version=caller.registry_version)
        application = snapshot.application(caller.application)
        if media_type == BATCH:
            check_batch(events, application)
            accepted = _accept(cursor, events, application, snapshot, pointer="/{index}/id")
            return JsonResponse({"events": [_told(each) for each in accepted]}, status=202)
        check_one(events[0], application)
        (acceptance,) = _accept(cursor, events, application, snapshot, pointer="/id")
    location = {"Location": f"/v1/events/{acceptance.message_id}"}
    return JsonResponse(_told(acceptance), status=202, headers=location)


def _accept(
    cursor: Any, events: list[Event], application: ApplicationView, snapshot: Snapshot, *, pointer: str
) -> list[Acceptance]:
    try:
        with transaction.atomic():
            return accept_many(cursor, events, application=application, snapshot=snapshot)
    except ConflictError as conflict:
        detail = "Another content was accepted under this source and this id."
        raise refused(
            409, "conflict", detail, errors=[Violation(pointer.format(index=conflict.index), detail)]
        ) from conflict


def _told(acceptance: Acceptance) -> dict[str, Any]:
    return {
        "id": str(acceptance.message_id),
        "duplicate": acceptance.duplicate,
        "deliveries": acceptance.deliveries,
    }
