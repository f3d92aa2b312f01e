"""Exports: a list in one file, made by the worker in the name of an agent who may export."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from etoile.gru.access.models import Account
from etoile.gru.api import idempotency
from etoile.gru.api.acting import ACT, agent_somewhere
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.describe import FILE, ONCE
from etoile.gru.api.people import People, names_needed
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.exports import OF_AGENT, ExportIn, ExportOut
from etoile.gru.batches import fetching, queries, services
from etoile.gru.batches.errors import BatchError
from etoile.gru.batches.models import Batch, Kind

router = Router(tags=["Exports"])


@router.post("exports", response={201: ExportOut}, auth=Needs(ACT), openapi_extra=ONCE)
def create_export(request: HttpRequest, payload: ExportIn) -> HttpResponse:
    """Demander l'export d'une liste, au nom d'un agent qui en a le droit. En-tête Idempotency-Key obligatoire."""
    account = _agent(allowed(request), payload.agent)

    def ask() -> dict[str, object]:
        try:
            return idempotency.plain(ExportOut.of(services.ask_export(account, payload.query, form=payload.format)))
        except BatchError as refused:
            raise Refusal(409, "not-possible", str(refused)) from refused

    return idempotency.answer(request, allowed(request).client, ask)[1]


@router.get("exports/{export_id}", response=ExportOut, auth=Needs(ACT))
def read_export(
    request: HttpRequest, export_id: uuid.UUID, agent: str = Query(max_length=254, description=OF_AGENT)
) -> ExportOut:
    """Où en est un export : combien de demandes sont écrites, et jusqu'à quand le fichier est gardé."""
    return ExportOut.of(_export(allowed(request), export_id, agent))


@router.get("exports/{export_id}/file", response={200: None}, auth=Needs(ACT), openapi_extra=FILE)
def read_export_file(
    request: HttpRequest, export_id: uuid.UUID, agent: str = Query(max_length=254, description=OF_AGENT)
) -> HttpResponse:
    """Le fichier d'un export terminé."""
    found = _export(allowed(request), export_id, agent)
    if not found.has_file:
        raise Refusal(409, "not-possible", "Ce fichier n'est pas encore prêt, ou n'est plus gardé")
    return fetching.answer(found)  # type: ignore[return-value]


def _export(allowed: Allowed, export_id: uuid.UUID, email: str) -> Batch:
    found = queries.one(_agent(allowed, email), export_id)
    if found is None or found.kind != Kind.EXPORT:
        raise NOT_FOUND
    return found


def _agent(allowed: Allowed, email: str) -> Account:
    """A list crosses procedures: a client limited to some of them exports none. Raises `Refusal`."""
    if allowed.procedures:
        raise Refusal(403, "forbidden", "Ce client est limité à des démarches : il n'exporte pas de liste")
    names_needed(People(allowed))
    return agent_somewhere(allowed, email, "cases.export")
