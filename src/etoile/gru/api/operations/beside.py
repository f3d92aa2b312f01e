"""What agents keep beside a case: labels, the cases near it, what they keep an eye on. It changes no version."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from etoile.gru.access.models import Account
from etoile.gru.api import acting, preconditions
from etoile.gru.api.acting import ACT, case_of, refusals
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.describe import MATCHED, MATCHED_ONLY
from etoile.gru.api.idempotency import repeatable
from etoile.gru.api.operations.acts import fresh
from etoile.gru.api.people import People
from etoile.gru.api.problems import NOT_FOUND
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.acts import AGENT
from etoile.gru.api.shapes.beside import DuplicateIn, LabelOut, LabelsOut, RelatedOut, RelationIn
from etoile.gru.api.shapes.cases import CaseOut
from etoile.gru.api.shapes.opinions import InNameOf
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case
from etoile.gru.desk import duplicates, labels, relations, watching
from etoile.gru.desk.models import Pair

router = Router(tags=["Autour d'une demande"])

OF_AGENT = Query(max_length=254, description=AGENT)


@router.get("labels", response=LabelsOut, auth=Needs(ACT))
def list_labels(request: HttpRequest) -> LabelsOut:
    """Les étiquettes que la collectivité propose, par nom."""
    return LabelsOut(items=[LabelOut.of(each) for each in labels.offered(allowed(request).authority.pk)])


@router.get("cases/{case_id}/labels", response=LabelsOut, auth=Needs(ACT))
def list_case_labels(request: HttpRequest, case_id: uuid.UUID) -> LabelsOut:
    """Les étiquettes d'une demande."""
    return _labels(case_of(allowed(request), case_id))


@router.put("cases/{case_id}/labels/{label_id}", response=LabelsOut, auth=Needs(ACT))
def put_label(request: HttpRequest, case_id: uuid.UUID, label_id: int, payload: InNameOf) -> LabelsOut:
    """Mettre une étiquette sur une demande, au nom d'un agent. Refait, c'est fait une fois."""
    case = case_of(allowed(request), case_id)
    account = acting.agent(allowed(request), payload.agent, case, "cases.treat")
    if not any(each.pk == label_id for each in labels.offered(case.authority_id)):
        raise NOT_FOUND
    with refusals():
        labels.add(case_id, account, label_id)
    return _labels(case)


@router.delete("cases/{case_id}/labels/{label_id}", response=LabelsOut, auth=Needs(ACT))
def remove_label(request: HttpRequest, case_id: uuid.UUID, label_id: int, agent: str = OF_AGENT) -> LabelsOut:
    """Retirer une étiquette d'une demande, au nom d'un agent."""
    case = case_of(allowed(request), case_id)
    acting.agent(allowed(request), agent, case, "cases.treat")
    if not any(each.on and each.label.pk == label_id for each in labels.on_case(case)):
        raise NOT_FOUND
    labels.remove(case, label_id)
    return _labels(case)


@router.get("cases/{case_id}/related", response=RelatedOut, auth=Needs(ACT))
def list_related(request: HttpRequest, case_id: uuid.UUID, agent: str = OF_AGENT) -> RelatedOut:
    """Les demandes proches d'une demande, parmi celles que cet agent voit : liées, doublons, de la même personne."""
    mine = allowed(request)
    case = case_of(mine, case_id)
    near = relations.related(case, scope_of(acting.agent(mine, agent, case, "cases.read")))
    named = [*near.duplicates, *near.alike, *near.others, *(each.case for each in near.linked)]
    named += [near.kept] if near.kept is not None else []
    read = {each.pk: each for each in mine.cases().filter(pk__in=[each.pk for each in named])}
    # That two requests are of one person is told to whoever is told who it is.
    people = People(mine)
    covered = bool(people.on(case))
    return RelatedOut.of(near, read, {key: each for key, each in read.items() if covered and people.on(each)})


@router.put("cases/{case_id}/links/{other_id}", response={204: None}, auth=Needs(ACT))
def link_cases(request: HttpRequest, case_id: uuid.UUID, other_id: uuid.UUID, payload: RelationIn) -> Status[None]:
    """Dire que deux demandes vont ensemble, ou sont distinctes, au nom d'un agent qui voit les deux."""
    case = case_of(allowed(request), case_id)
    account = acting.agent(allowed(request), payload.agent, case, "cases.treat")
    other = _other(allowed(request), other_id, account)
    with refusals():
        relations.pair(case, other, account, Pair.Kind(payload.kind), payload.why)
    return Status(204, None)


@router.delete("cases/{case_id}/links/{other_id}", response={204: None}, auth=Needs(ACT))
def unlink_cases(request: HttpRequest, case_id: uuid.UUID, other_id: uuid.UUID, agent: str = OF_AGENT) -> Status[None]:
    """Ne plus rien dire de ces deux demandes, au nom d'un agent qui voit les deux."""
    case = case_of(allowed(request), case_id)
    account = acting.agent(allowed(request), agent, case, "cases.treat")
    relations.part(case, _other(allowed(request), other_id, account))
    return Status(204, None)


@router.put("cases/{case_id}/duplicate", response=CaseOut, auth=Needs(ACT), openapi_extra=MATCHED)
@repeatable
def mark_duplicate(request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, payload: DuplicateIn) -> CaseOut:
    """Classer une demande comme doublon d'une autre, au nom d'un agent qui décide. If-Match obligatoire."""
    case = case_of(allowed(request), case_id)
    seen = preconditions.expected(request, case)
    account = acting.agent(allowed(request), payload.agent, case, "cases.decide")
    kept = _other(allowed(request), payload.kept, account)
    with refusals():
        duplicates.mark(case_id, account, kept, expected_version=seen)
    return fresh(request, response, case_id)


@router.delete("cases/{case_id}/duplicate", response=CaseOut, auth=Needs(ACT), openapi_extra=MATCHED_ONLY)
def unmark_duplicate(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, agent: str = OF_AGENT
) -> CaseOut:
    """Ce n'était pas un doublon : la demande reprend, au nom d'un agent qui décide. En-tête If-Match obligatoire."""
    case = case_of(allowed(request), case_id)
    seen = preconditions.expected(request, case)
    account = acting.agent(allowed(request), agent, case, "cases.decide")
    with refusals():
        duplicates.undo(case_id, account, expected_version=seen)
    return fresh(request, response, case_id)


@router.put("cases/{case_id}/watch", response={204: None}, auth=Needs(ACT))
def watch_case(request: HttpRequest, case_id: uuid.UUID, payload: InNameOf) -> Status[None]:
    """Garder une demande à l'œil, pour un agent qui la voit : ce qui bouge lui est dit."""
    case = case_of(allowed(request), case_id)
    watching.watch(case, acting.agent(allowed(request), payload.agent, case, "cases.read"))
    return Status(204, None)


@router.delete("cases/{case_id}/watch", response={204: None}, auth=Needs(ACT))
def unwatch_case(request: HttpRequest, case_id: uuid.UUID, agent: str = OF_AGENT) -> Status[None]:
    """Ne plus la garder à l'œil, pour cet agent."""
    case = case_of(allowed(request), case_id)
    watching.unwatch(case, acting.agent(allowed(request), agent, case, "cases.read"))
    return Status(204, None)


def _labels(case: Case) -> LabelsOut:
    return LabelsOut(items=[LabelOut.of(each.label) for each in labels.on_case(case) if each.on])


def _other(mine: Allowed, case_id: uuid.UUID, account: Account) -> Case:
    """A case that both the client and the agent may see. Raises `Refusal` (404)."""
    other = case_of(mine, case_id)
    if not scope_of(account).cases().filter(pk=other.pk).exists():
        raise NOT_FOUND
    return other
