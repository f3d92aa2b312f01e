"""One act on many cases, done by the worker in the name of an agent: counted before, followed, stopped, resumed."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from etoile.gru.absences.queries import able
from etoile.gru.access.models import Account
from etoile.gru.api import idempotency, listing
from etoile.gru.api.acting import ACT, agent_somewhere, known_account
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.describe import ONCE
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.batches import (
    Act,
    BatchesOut,
    BatchIn,
    BatchOut,
    BatchReport,
    BatchStateIn,
    Resumed,
    SelectionAsked,
    SelectionOut,
)
from etoile.gru.batches import queries, services
from etoile.gru.batches.acts import RIGHTS
from etoile.gru.batches.errors import BatchError
from etoile.gru.batches.models import Batch, Kind, State
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.desk import labels

router = Router(tags=["Actions groupées"])

OF_AGENT = Query(max_length=254, description="The e-mail address of the agent in whose name it was asked.")


@router.get("batches/selection", response=SelectionOut, auth=Needs(ACT))
def count_selection(request: HttpRequest, asked: Query[SelectionAsked]) -> SelectionOut:
    """Compter les demandes d'une liste avant d'agir sur elles : celles que cet agent voit, et celles où il le peut."""
    listing.refuse_unknown(request, asked)
    mine = allowed(request)
    right = RIGHTS[Kind(asked.act)]
    account = agent_somewhere(mine, asked.agent, right)
    seen = listing.found(asked, mine).filter(pk__in=scope_of(account).cases().values("pk"))
    found = list(seen.order_by("-pk").values_list("pk", flat=True)[: services.MOST + 1])
    chosen = found[: services.MOST]
    may = scope_of(account, right).cases().filter(pk__in=chosen).count()
    return SelectionOut(cases=chosen, more=len(found) > len(chosen), able=may)


@router.get("batches", response=BatchesOut, auth=Needs(ACT))
def list_batches(request: HttpRequest, agent: str = OF_AGENT) -> BatchesOut:
    """Les cinquante dernières actions groupées de cet agent, de la plus récente à la plus ancienne."""
    account = known_account(allowed(request), agent, "agent")
    found = list(queries.of(account).exclude(kind=Kind.EXPORT)[: queries.SHOWN])
    counted = queries.of_acts(found)
    return BatchesOut(items=[BatchOut.of(each, counted[each.pk]) for each in found])


@router.post("batches", response={201: BatchOut}, auth=Needs(ACT), openapi_extra=ONCE)
def create_batch(request: HttpRequest, payload: BatchIn) -> HttpResponse:
    """Agir sur plusieurs demandes, au nom d'un agent. Chacune est jugée à son tour. Idempotency-Key obligatoire."""
    mine = allowed(request)
    account = agent_somewhere(mine, payload.agent, RIGHTS[Kind(payload.act)])

    def ask() -> dict[str, object]:
        chosen = _readable(mine, payload.cases)
        try:
            made = services.ask(account, Kind(payload.act), chosen, _asked(mine, account, payload))
        except BatchError as refused:
            raise Refusal(409, "not-possible", str(refused)) from refused
        return idempotency.plain(BatchOut.of(made, queries.progress(made)))

    return idempotency.answer(request, mine.client, ask)[1]


@router.get("batches/{batch_id}", response=BatchReport, auth=Needs(ACT))
def read_batch(request: HttpRequest, batch_id: uuid.UUID, agent: str = OF_AGENT) -> BatchReport:
    """Où en est une action groupée, et les demandes qui n'ont pas changé, avec la raison."""
    return _report(allowed(request), _batch(allowed(request), batch_id, agent))


@router.put("batches/{batch_id}/state", response=BatchReport, auth=Needs(ACT))
def change_batch(request: HttpRequest, batch_id: uuid.UUID, payload: BatchStateIn) -> BatchReport:
    """Arrêter une action groupée, ou reprendre ce qui en reste. Refait, c'est fait une fois."""
    batch = _batch(allowed(request), batch_id, payload.agent)
    if payload.state == Resumed.STOPPED:
        if not services.stop(batch) and batch.state != State.STOPPED:
            raise Refusal(409, "not-possible", "Cette action est terminée : il n'y a plus rien à arrêter")
    elif not services.resume(batch) and not batch.is_live:
        raise Refusal(409, "not-possible", "Il ne reste rien à reprendre de cette action")
    return _report(allowed(request), _batch(allowed(request), batch_id, payload.agent))


def _readable(mine: Allowed, cases: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Raises `Refusal` (422) for those that are not there, or not this client's to read."""
    known = set(mine.cases().filter(pk__in=cases).values_list("pk", flat=True))
    if errors := [(f"/cases/{place}", "") for place, each in enumerate(cases) if each not in known]:
        raise Refusal(422, "invalid-data", "Ces demandes n'existent pas, ou ce client ne les lit pas", errors=errors)
    return list(dict.fromkeys(cases))


def _asked(mine: Allowed, account: Account, given: BatchIn) -> dict[str, Any]:
    """What the act asks, as the screen's form. Raises `Refusal` (422)."""
    match given.act:
        case Act.ASSIGN:
            if not given.assignee:
                raise _missing("assignee", "Dites à quel agent confier les demandes")
            to = known_account(mine, given.assignee, "assignee")
            if not able(account).filter(pk=to.pk).exists():
                raise _missing("assignee", "Ces demandes ne peuvent pas être confiées à cet agent")
            return {"to": to.pk}
        case Act.LABEL:
            if not any(each.pk == given.label for each in labels.offered(mine.authority.pk)):
                raise _missing("label", "Cette étiquette n'est pas proposée")
            return {"label": given.label}
        case Act.MESSAGE:
            if not given.body.strip():
                raise _missing("body", "Écrivez le message à envoyer")
            return {"body": given.body}
        case Act.CLOSE:
            if not given.reason.strip():
                raise _missing("reason", "Écrivez le motif du classement : chaque personne le lira")
            return {"reasons": given.reason}
        case Act.TAKE:
            return {}


def _missing(name: str, words: str) -> Refusal:
    return Refusal(422, "invalid-data", words, errors=[(f"/{name}", "")])


def _batch(mine: Allowed, batch_id: uuid.UUID, email: str) -> Batch:
    """Raises `Refusal` (404) for one that this agent did not ask."""
    found = queries.one(known_account(mine, email, "agent"), batch_id)
    if found is None or found.kind == Kind.EXPORT:
        raise NOT_FOUND
    return found


def _report(mine: Allowed, batch: Batch) -> BatchReport:
    refused = list(queries.refused(batch))
    told = {each.case_id for each in refused}
    if mine.procedures:
        told = set(mine.cases().filter(pk__in=told).values_list("pk", flat=True))
    return BatchReport.read(batch, queries.progress(batch), refused, told)
