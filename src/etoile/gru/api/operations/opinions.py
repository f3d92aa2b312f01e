"""Opinions about a case: asked, read once given, taken back. Who was asked answers by the link of the invitation."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from etoile.gru.access.models import Team
from etoile.gru.api import preconditions
from etoile.gru.api.acting import ACT, agent, case_of, note_reading, refusals, team_of
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.describe import FILE, MATCHED
from etoile.gru.api.idempotency import repeatable
from etoile.gru.api.operations.documents import openable
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.opinions import InNameOf, OpinionIn, OpinionOut, OpinionsOut
from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from etoile.gru.opinions import queries, services

router = Router(tags=["Avis"])


@router.get("cases/{case_id}/opinions", response=OpinionsOut, auth=Needs(ACT))
def list_opinions(request: HttpRequest, case_id: uuid.UUID) -> OpinionsOut:
    """Les avis demandés sur une demande, dans l'ordre, avec ce qui a été répondu. La personne ne les lit pas ici."""
    case = case_of(allowed(request), case_id)
    note_reading(allowed(request), case)
    return OpinionsOut(items=[OpinionOut.of(each) for each in queries.of_case(case)])


@router.post("cases/{case_id}/opinions", response={201: OpinionOut}, auth=Needs(ACT), openapi_extra=MATCHED)
@repeatable
def ask_opinion(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, payload: OpinionIn
) -> Status[OpinionOut]:
    """Demander un avis à un autre service ou à quelqu'un d'extérieur, au nom d'un agent. If-Match obligatoire.

    L'invitation ne montre que la question, et les réponses et les pièces qui sont nommées.
    """
    mine = allowed(request)
    case = case_of(mine, case_id)
    seen = preconditions.expected(request, case)
    account = agent(mine, payload.agent, case, "cases.treat")
    team: Team | None = team_of(mine, payload.team) if payload.team is not None else None
    _need(mine, case, payload)
    with refusals():
        opinion = services.ask(
            case_id,
            account,
            question=payload.question,
            deadline=payload.deadline,
            team=team,
            name=payload.name,
            email=payload.email,
            fields=payload.fields,
            documents=[str(each) for each in payload.documents],
            expected_version=seen,
        )
    preconditions.announce(response, opinion.case.version)
    return Status(201, OpinionOut.bare(opinion))


@router.post(
    "cases/{case_id}/opinions/{opinion_id}/revocation", response=OpinionOut, auth=Needs(ACT), openapi_extra=MATCHED
)
@repeatable
def revoke_opinion(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, opinion_id: uuid.UUID, payload: InNameOf
) -> OpinionOut:
    """Retirer une invitation, au nom d'un agent : son lien n'ouvre plus rien. En-tête If-Match obligatoire."""
    mine = allowed(request)
    case = case_of(mine, case_id)
    if not any(each.opinion.pk == opinion_id for each in queries.of_case(case)):
        raise NOT_FOUND
    seen = preconditions.expected(request, case)
    account = agent(mine, payload.agent, case, "cases.treat")
    with refusals():
        opinion = services.revoke(opinion_id, account, expected_version=seen)
    preconditions.announce(response, opinion.case.version)
    return OpinionOut.bare(opinion)


@router.get(
    "cases/{case_id}/opinions/{opinion_id}/documents/{document_id}",
    response={200: None},
    auth=Needs("documents:read"),
    openapi_extra=FILE,
)
def read_opinion_document(
    request: HttpRequest, case_id: uuid.UUID, opinion_id: uuid.UUID, document_id: uuid.UUID
) -> HttpResponse:
    """Une pièce donnée avec un avis, pour un jeton qui agit au nom d'agents."""
    mine = allowed(request)
    given = (each for shown in queries.of_case(case_of(mine, case_id)) for each in _given(shown, opinion_id))
    found = next((each for each in given if each.pk == document_id), None)
    if found is None:
        raise NOT_FOUND
    mine.need(ACT)
    return openable(found)


def _given(shown: queries.Shown, opinion_id: uuid.UUID) -> tuple[Document, ...]:
    return shown.documents if shown.opinion.pk == opinion_id else ()


def _need(mine: Allowed, case: Case, given: OpinionIn) -> None:
    """What the link would show is what this client may read, and the case holds. Raises `Refusal` (422)."""
    answers = mine.questions(case) & set(case.answers)
    opened = mine.opened(case)
    held = Document.objects.filter(holder=case.pk, pk__in=given.documents) if given.documents else ()
    documents = {each.pk for each in held if mine.reads(case, each.field, opened)}
    errors = [(f"/fields/{place}", "") for place, each in enumerate(given.fields) if each not in answers]
    errors += [(f"/documents/{place}", "") for place, each in enumerate(given.documents) if each not in documents]
    if errors:
        raise Refusal(422, "invalid-data", "La demande n'a pas cela, ou ce client ne le lit pas", errors=errors)
