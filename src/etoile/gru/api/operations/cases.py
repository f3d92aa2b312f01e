"""Cases: listed, read, created, followed."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from ninja import Query, Router

from etoile.gru.api import changes, creation, idempotency, listing, pages, preconditions
from etoile.gru.api.acting import case_of, note_reading
from etoile.gru.api.describe import ONCE, READ
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.acts import ChangeOut, ChangesPage
from etoile.gru.api.shapes.beside import DecisionOut, DecisionsOut
from etoile.gru.api.shapes.cases import CaseDetail, CaseIn, CaseOut, CasesPage
from etoile.gru.cases.lists.pages import page, position_of

router = Router(tags=["Demandes"])


@router.get("cases", response=CasesPage, auth=Needs("cases:read"))
def list_cases(request: HttpRequest, response: HttpResponse, asked: Query[listing.Asked]) -> CasesPage:
    """Les demandes, par pages, avec les critères des listes des agents."""
    listing.refuse_unknown(request, asked)
    found = listing.found(asked, allowed(request))
    after = pages.position_of(asked.after, asked.sort)
    cases = list(page(found, after=after, limit=asked.limit + 1, sort=asked.sort))
    last = cases[asked.limit - 1] if len(cases) > asked.limit else None
    cursor = pages.cursor_of(position_of(last, asked.sort)) if last else None
    if cursor:
        pages.announce_next(request, response, cursor)
    return CasesPage(items=[CaseOut.of(each) for each in cases[: asked.limit]], next=cursor)


@router.get("cases/{case_id}", response=CaseDetail, auth=Needs("cases:read"), openapi_extra=READ)
def read_case(request: HttpRequest, response: HttpResponse, case_id: uuid.UUID) -> CaseDetail | HttpResponse:
    """Une demande, ses réponses, ses pièces, ses transmissions et son histoire. Son ETag se redonne dans If-Match."""
    case = case_of(allowed(request), case_id)
    if preconditions.unchanged(request, case.version):
        same = HttpResponseNotModified()
        preconditions.announce(same, case.version)
        return same
    preconditions.announce(response, case.version)
    read = CaseDetail.read(case, allowed(request))
    note_reading(allowed(request), case)
    return read


@router.get("cases/{case_id}/decisions", response=DecisionsOut, auth=Needs("cases:read"))
def list_decisions(request: HttpRequest, case_id: uuid.UUID) -> DecisionsOut:
    """Les décisions rendues sur une demande, celles du silence comprises, de la plus ancienne à la plus récente."""
    case = case_of(allowed(request), case_id)
    note_reading(allowed(request), case)
    return DecisionsOut(items=[DecisionOut.of(each) for each in case.decisions.all()])


@router.post("cases", response={201: CaseOut}, auth=Needs("cases:write"), openapi_extra=ONCE)
def create_case(request: HttpRequest, payload: CaseIn) -> HttpResponse:
    """Déposer une demande, validée comme à l'écran. En-tête Idempotency-Key obligatoire."""
    asked = creation.inquire(allowed(request), payload)

    def make() -> dict[str, Any]:
        return idempotency.plain(CaseOut.of(creation.create(allowed(request), payload, asked)))

    made, response = idempotency.answer(request, allowed(request).client, make)
    response["Location"] = f"{request.path}/{made['id']}"
    preconditions.announce(response, made["version"])
    return response


@router.get("changes", response=ChangesPage, auth=Needs("cases:read"))
def list_changes(
    request: HttpRequest, after: str = Query("", max_length=200), limit: int = Query(100, ge=1, le=1000)
) -> ChangesPage:
    """Chaque demande qui a changé depuis un curseur, à son dernier changement, retraits compris. Rien n'est manqué.

    Sans curseur, depuis le début ; `after=latest` ne donne que le curseur d'où partir.
    """
    changes.number()
    own = allowed(request).authority.pk
    if after == pages.LATEST:
        return ChangesPage(items=[], next=pages.feed_cursor(changes.last(own)), more=False)
    position = pages.feed_position(after)
    found = list(allowed(request).changes(changes.after(own, position))[: limit + 1])
    listed = found[:limit]
    end = listed[-1].position or position if listed else position
    return ChangesPage(
        items=[ChangeOut.of(each) for each in listed], next=pages.feed_cursor(end), more=len(found) > limit
    )
