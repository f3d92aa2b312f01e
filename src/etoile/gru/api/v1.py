"""Version 1 of the API. `openapi.json` is made from these signatures; `docs` reads it."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query, Status

from etoile.gru.api import creation, idempotency, pages, problems
from etoile.gru.api.security import Needs
from etoile.gru.api.shapes import (
    CaseDetail,
    CaseIn,
    CaseOut,
    CasesPage,
    DefinitionOut,
    LinkIn,
    LinkOut,
    ProcedureDetail,
    ProcedureOut,
    ProceduresPage,
    SchemasOut,
)
from etoile.gru.cases import queries
from etoile.gru.cases.states import State
from etoile.gru.filling import prefill_links
from etoile.gru.forms.queries import known_procedure, open_procedures

api = NinjaAPI(
    title="Étoile GRU",
    version="1",
    description="Démarches et demandes d'une collectivité. Jeton OAuth 2 (client_credentials) à /api/oauth/token.",
    docs_url=None,
    openapi_url="openapi.json",
    urls_namespace="api-v1",
)
problems.register(api)


@api.get("procedures", response=ProceduresPage, auth=Needs("procedures:read"), tags=["Démarches"])
def list_procedures(request: HttpRequest) -> ProceduresPage:
    """Les démarches ouvertes de la collectivité."""
    return ProceduresPage(items=[ProcedureOut.of(each) for each in open_procedures(_client(request).authority)])


@api.get("procedures/{slug}", response=ProcedureDetail, auth=Needs("procedures:read"), tags=["Démarches"])
def read_procedure(request: HttpRequest, slug: str) -> ProcedureDetail:
    """Une démarche et ses questions."""
    procedure = known_procedure(_client(request).authority, slug)
    if procedure is None:
        raise problems.NOT_FOUND
    return ProcedureDetail.of(procedure)


@api.post("procedures/{slug}/links", response={201: LinkOut}, auth=Needs("cases:write"), tags=["Démarches"])
def create_link(request: HttpRequest, slug: str, payload: LinkIn) -> Status[LinkOut]:
    """Un lien qui remplit le formulaire à l'avance, pour une personne. Il expire, et ne dit rien à qui le lit."""
    procedure = known_procedure(_client(request).authority, slug)
    if procedure is None:
        raise problems.NOT_FOUND
    until = timezone.now() + timedelta(days=payload.days)
    try:
        sealed = prefill_links.token(procedure, payload.answers, until=until)
    except prefill_links.LinkRefused as refused:
        raise problems.Refusal(422, "invalid-data", str(refused), errors=[("/answers", str(refused))]) from refused
    address = request.build_absolute_uri(f"/demarches/{slug}/?{urlencode({prefill_links.NAME: sealed})}")
    return Status(201, LinkOut(url=address, expires_at=until))


@api.get("procedures/{slug}/definition", response=DefinitionOut, auth=Needs("procedures:read"), tags=["Démarches"])
def read_definition(request: HttpRequest, slug: str) -> DefinitionOut:
    """Le fichier de la version en service, en YAML et en JSON : une autre collectivité peut le reprendre."""
    procedure = known_procedure(_client(request).authority, slug)
    if procedure is None:
        raise problems.NOT_FOUND
    return DefinitionOut.of(procedure)


@api.get("procedures/{slug}/schemas", response=SchemasOut, auth=Needs("procedures:read"), tags=["Démarches"])
def read_schemas(request: HttpRequest, slug: str) -> SchemasOut:
    """Les réponses de la version en service, en JSON Schema 2020-12 : ce que l'API accepte, ce que le hub reçoit."""
    procedure = known_procedure(_client(request).authority, slug)
    if procedure is None:
        raise problems.NOT_FOUND
    return SchemasOut.of(procedure)


@api.get("cases", response=CasesPage, auth=Needs("cases:read"), tags=["Demandes"])
def list_cases(
    request: HttpRequest,
    response: HttpResponse,
    state: State | None = None,
    updated_since: datetime | None = None,
    after: str = "",
    limit: int = Query(50, ge=1, le=pages.LIMIT),
) -> CasesPage:
    """Les demandes, des plus récentes aux plus anciennes."""
    found = queries.of_authority(_client(request).authority)
    if state is not None:
        found = found.filter(state=state)
    if updated_since is not None:
        found = found.filter(updated_at__gte=updated_since)
    cases = list(queries.page(found, after=pages.position_of(after), limit=limit + 1))
    cursor = pages.cursor_of(queries.position_of(cases[limit - 1])) if len(cases) > limit else None
    if cursor:
        pages.announce_next(request, response, cursor)
    return CasesPage(items=[CaseOut.of(each) for each in cases[:limit]], next=cursor)


@api.get("cases/{case_id}", response=CaseDetail, auth=Needs("cases:read"), tags=["Demandes"])
def read_case(request: HttpRequest, response: HttpResponse, case_id: uuid.UUID) -> CaseDetail:
    """Une demande, ses réponses, ses transmissions et son histoire."""
    case = queries.of_authority(_client(request).authority).filter(pk=case_id).first()
    if case is None:
        raise problems.NOT_FOUND
    response["ETag"] = f'"{case.version}"'
    return CaseDetail.of(case)


@api.post("cases", response={201: CaseOut}, auth=Needs("cases:write"), tags=["Demandes"])
def create_case(request: HttpRequest, payload: CaseIn) -> HttpResponse:
    """Déposer une demande, validée comme à l'écran. En-tête Idempotency-Key obligatoire."""
    client = _client(request)
    asked = creation.inquire(client, payload)
    made, _fresh = idempotency.once(
        client,
        request.headers.get("Idempotency-Key", ""),
        request.body,
        lambda: json.loads(CaseOut.of(creation.create(client, payload, asked)).model_dump_json()),
    )
    response = HttpResponse(json.dumps(made, ensure_ascii=False), status=201, content_type="application/json")
    response["Location"] = f"{request.path}/{made['id']}"
    return response


def _client(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]
