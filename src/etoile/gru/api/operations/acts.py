"""What is done to a case: moved, given to someone, documents asked."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from etoile.gru.access.models import Account
from etoile.gru.api import preconditions
from etoile.gru.api.acting import ACT, account_of, agent, case_of, known_account, program, refusals, team_of
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.describe import MATCHED
from etoile.gru.api.idempotency import repeatable
from etoile.gru.api.problems import Refusal
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.acts import (
    AGENT,
    AgentOut,
    AgentsOut,
    AssignmentIn,
    DocumentRequestIn,
    DocumentRequestOut,
    DocumentRequestsOut,
    TeamOut,
    TeamsOut,
    TransitionIn,
    TransitionOut,
    TransitionsOut,
)
from etoile.gru.api.shapes.cases import CaseOut
from etoile.gru.cases import assigning, queries, services, transmission
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import State
from etoile.gru.cases.workflow import steps
from etoile.gru.forms.workflow.checks import right_of
from etoile.gru.forms.workflow.shapes import DECIDING

router = Router(tags=["Actes"])


@router.get("cases/{case_id}/transitions", response=TransitionsOut, auth=Needs("cases:read"))
def list_transitions(
    request: HttpRequest, case_id: uuid.UUID, agent: str = Query(max_length=254, description=AGENT)
) -> TransitionsOut:
    """Les étapes de la démarche que cet agent peut faire maintenant."""
    case_of(allowed(request), case_id)
    account = account_of(allowed(request), agent)
    seen = queries.agent_case(account, case_id) if account is not None else None
    return TransitionsOut(items=[TransitionOut.of(each) for each in seen.moves] if seen is not None else [])


@router.post("cases/{case_id}/transitions", response=CaseOut, auth=Needs("cases:write"), openapi_extra=MATCHED)
@repeatable
def move_case(request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, payload: TransitionIn) -> CaseOut:
    """Faire avancer une demande, au nom d'un agent qui en a le droit. En-tête If-Match obligatoire."""
    case = case_of(allowed(request), case_id)
    seen = preconditions.expected(request, case)
    with refusals():
        _move(allowed(request), case, payload, seen)
    return fresh(request, response, case_id)


@router.get("teams", response=TeamsOut, auth=Needs("cases:read"))
def list_teams(request: HttpRequest) -> TeamsOut:
    """Les services de la collectivité, par nom : à qui transmettre une demande, ou demander un avis."""
    found = allowed(request).authority.teams.select_related("sector").order_by("name", "pk")
    return TeamsOut(items=[TeamOut.of(each) for each in found])


@router.get("cases/{case_id}/assignees", response=AgentsOut, auth=Needs(ACT))
def list_assignees(request: HttpRequest, case_id: uuid.UUID) -> AgentsOut:
    """Les agents à qui cette demande peut être confiée, par nom."""
    case = case_of(allowed(request), case_id)
    return AgentsOut(items=[AgentOut.of(each) for each in assigning.able(case)])


@router.put("cases/{case_id}/assignment", response=CaseOut, auth=Needs("cases:write"), openapi_extra=MATCHED)
@repeatable
def assign_case(request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, payload: AssignmentIn) -> CaseOut:
    """Confier une demande à un agent, à personne, ou à un autre service. En-tête If-Match obligatoire."""
    case = case_of(allowed(request), case_id)
    seen = preconditions.expected(request, case)
    account = agent(allowed(request), payload.agent, case, "cases.treat")
    with refusals():
        if payload.team is not None:
            team = team_of(allowed(request), payload.team)
            transmission.transfer(case_id, account, team=team, reason=payload.reason, expected_version=seen)
        else:
            to = _assignee(allowed(request), payload.assignee)
            assigning.assign(case_id, account, to=to, expected_version=seen)
    return fresh(request, response, case_id)


@router.get("cases/{case_id}/document-requests", response=DocumentRequestsOut, auth=Needs("cases:read"))
def list_document_requests(request: HttpRequest, case_id: uuid.UUID) -> DocumentRequestsOut:
    """Les pièces et les corrections demandées à la personne, dans l'ordre, avec l'état de chaque demande."""
    mine = allowed(request)
    case = case_of(mine, case_id)
    open_to = mine.questions(case)
    asked = case.document_requests.all()
    return DocumentRequestsOut(items=[DocumentRequestOut.of(each, open_to) for each in asked])


@router.post(
    "cases/{case_id}/document-requests",
    response={201: DocumentRequestOut},
    auth=Needs("cases:write"),
    openapi_extra=MATCHED,
)
@repeatable
def ask_documents(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, payload: DocumentRequestIn
) -> Status[DocumentRequestOut]:
    """Demander des pièces à la personne, au nom d'un agent. En-tête If-Match obligatoire."""
    case = case_of(allowed(request), case_id)
    seen = preconditions.expected(request, case)
    account = agent(allowed(request), payload.agent, case, "cases.treat")
    with refusals():
        asked = services.ask_document(
            case_id,
            account,
            items=[each.model_dump() for each in payload.documents],
            deadline=payload.deadline,
            comment=payload.comment,
            expected_version=seen,
        )
    preconditions.announce(response, asked.case.version)
    return Status(201, DocumentRequestOut.of(asked))


def _move(allowed: Allowed, case: Case, given: TransitionIn, seen: int | None) -> None:
    if given.transition == "withdraw":
        services.withdraw(case.pk, program(allowed), reason=given.reason, expected_version=seen)
        return
    move = case.procedure_version.definition.workflow.move(given.transition)
    if move is None:
        raise Refusal(422, "unknown-transition", "Cette démarche n'a pas cette étape", errors=[("/transition", "")])
    account = agent(allowed, given.agent, case, right_of(move.verb))
    if move.verb in DECIDING.values():
        services.decide(
            case.pk,
            account,
            outcome=State(move.target),
            reasons=given.reason,
            transition=move.id,
            expected_version=seen,
        )
    elif move.verb == "reopen":
        services.reopen(case.pk, account, reason=given.reason, expected_version=seen)
    else:
        steps.take(case.pk, account, move.id, reason=given.reason, expected_version=seen)


def _assignee(allowed: Allowed, email: str | None) -> Account | None:
    return None if email is None else known_account(allowed, email, "assignee")


def fresh(request: HttpRequest, response: HttpResponse, case_id: uuid.UUID) -> CaseOut:
    """The case as it is now, under its new ETag: it may have left what this client reads."""
    case = queries.of_authority(allowed(request).authority).get(pk=case_id)
    preconditions.announce(response, case.version)
    return CaseOut.of(case)
