import time
from typing import Annotated, Any

from django.db import connection, transaction
from django.http import HttpRequest
from ninja import Query, Router

from etoile.contract.problem import Violation
from etoile.hub.delivery import mailbox
from etoile.hub.delivery.mailbox import Answered
from etoile.hub.intake.authentication import OAuth2, known
from etoile.hub.intake.problems import refused
from etoile.hub.intake.shapes import AckList, AcksIn, MailList

router = Router(tags=["mailbox"], auth=OAuth2("mailbox"))


@router.get("/mailbox", response=MailList, summary="Take what waits for you")
def take(request: HttpRequest, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> dict[str, Any]:
    """What is taken is lent: unless it is acknowledged before the end of its lease, it is offered again."""
    with transaction.atomic(), connection.cursor() as cursor:
        application, snapshot = known(request, cursor)
        offered = mailbox.take(cursor, application, snapshot, limit=limit, now=time.time())
    return {"items": [{"delivery": each.delivery, "event": each.event.to_dict()} for each in offered]}


@router.post("/mailbox/acks", response=AckList, summary="Say what you did of what you took")
def acknowledge(request: HttpRequest, body: AcksIn) -> dict[str, Any]:
    """All of it is recorded, or nothing. Sending it again is harmless: `repeated`."""
    answers = [Answered(each.delivery, each.outcome, each.external_id, each.message) for each in body.acks]
    with transaction.atomic(), connection.cursor() as cursor:
        application, snapshot = known(request, cursor)
        told = mailbox.answer(cursor, application, answers, snapshot)
        unknown = [
            Violation(f"/acks/{index}/delivery", "There is no such delivery to you.")
            for index, each in enumerate(body.acks)
            if told[each.delivery] == mailbox.UNKNOWN
        ]
        if unknown:
            raise refused(422, "unknown-delivery", "Some of these deliveries are not yours.", errors=unknown)
    return {"items": [{"delivery": delivery, "result": result} for delivery, result in told.items()]}
