"""POST /v1/events, the hot path: few statements, no ORM, no framework between the body and the transaction.

Three statements for an event that is new and has a receiver: the token, the journal, the deliveries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from psycopg.errors import LockNotAvailable

from etoile.contract.envelope import BATCH, Event
from etoile.contract.problem import Violation
from etoile.hub.intake import envelopes
from etoile.hub.intake.callers import Caller, identify
from etoile.hub.intake.checks import check_batch, check_one
from etoile.hub.intake.gathering import Gathering
from etoile.hub.intake.problems import RefusedError, answer, passes, refused, unavailable
from etoile.hub.registry import directory
from etoile.hub.registry.directory import ApplicationView, Snapshot
from etoile.hub.routing.services import Acceptance, ConflictError, accept_many

SCOPE = "events:write"


@dataclass(frozen=True, slots=True)
class Posted:
    """One event posted by itself, checked, and what it was checked against."""

    event: Event
    application: ApplicationView
    snapshot: Snapshot


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
    caller = _caller(request)
    caller.needs(SCOPE)
    with connection.cursor() as cursor:
        media_type = envelopes.media_type(request)
        events = envelopes.events(media_type, request.headers, envelopes.read(request, media_type))
        snapshot = directory.current(cursor, version=caller.registry_version)
        application = snapshot.application(caller.application)
        if media_type == BATCH:
            check_batch(events, application)
            accepted = _accept_batch(cursor, events, application, snapshot)
            return _accepted({"events": [_told(each) for each in accepted]})
        check_one(events[0], application)
    acceptance = _accept_one(Posted(events[0], application, snapshot))
    return _accepted(_told(acceptance), Location=f"/v1/events/{acceptance.message_id}")


def _caller(request: HttpRequest) -> Caller:
    """The first statement tells whether the connection still lives: to ask beforehand would be one statement more."""
    authorization = request.META.get("HTTP_AUTHORIZATION")
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        with connection.cursor() as cursor:
            return identify(cursor, authorization)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
    with connection.cursor() as cursor:
        return identify(cursor, authorization)


def _accept_batch(
    cursor: Any, events: list[Event], application: ApplicationView, snapshot: Snapshot
) -> list[Acceptance]:
    try:
        with transaction.atomic():
            return accept_many(cursor, events, application=application, snapshot=snapshot)
    except ConflictError as conflict:
        raise _conflict(f"/{conflict.index}/id") from conflict


def _accept_one(posted: Posted) -> Acceptance:
    try:
        return GATHERING.put(posted)
    except ConflictError as conflict:
        raise _conflict("/id") from conflict


def _conflict(pointer: str) -> RefusedError:
    detail = "Another content was accepted under this source and this id."
    return refused(409, "conflict", detail, errors=[Violation(pointer, detail)])


def _write(group: Sequence[Posted]) -> list[Acceptance]:
    with transaction.atomic(), connection.cursor() as cursor:
        first = group[0]
        events = [posted.event for posted in group]
        return accept_many(cursor, events, application=first.application, snapshot=first.snapshot)


def _together(one: Posted, other: Posted) -> bool:
    return one.application is other.application and one.snapshot is other.snapshot


def _alone(error: BaseException) -> bool:
    """A conflict, or a subject that is locked for long, is the trouble of one; a database that is away, of all."""
    away = isinstance(error, DatabaseError | InterfaceError) and passes(error)
    return not away or isinstance(error.__cause__, LockNotAvailable)


GATHERING: Gathering[Posted, Acceptance] = Gathering(_write, together=_together, alone=_alone)


def _accepted(body: dict[str, Any], **headers: str) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=202, content_type="application/json", headers=headers)


def _told(acceptance: Acceptance) -> dict[str, Any]:
    return {
        "id": str(acceptance.message_id),
        "duplicate": acceptance.duplicate,
        "deliveries": acceptance.deliveries,
    }
