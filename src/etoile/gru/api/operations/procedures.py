"""Procedures: what may be asked, its questions, its file, its schemas."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from etoile.gru.api import problems
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.procedures import (
    DefinitionOut,
    LinkIn,
    LinkOut,
    ProcedureDetail,
    ProcedureOut,
    ProceduresPage,
    SchemasOut,
)
from etoile.gru.filling import prefill_links

router = Router(tags=["Démarches"])


@router.get("procedures", response=ProceduresPage, auth=Needs("procedures:read"))
def list_procedures(request: HttpRequest) -> ProceduresPage:
    """Les démarches ouvertes de la collectivité."""
    return ProceduresPage(items=[ProcedureOut.of(each) for each in allowed(request).open_procedures()])


@router.get("procedures/{slug}", response=ProcedureDetail, auth=Needs("procedures:read"))
def read_procedure(request: HttpRequest, slug: str) -> ProcedureDetail:
    """Une démarche et ses questions."""
    return ProcedureDetail.of(allowed(request).procedure(slug))


@router.post("procedures/{slug}/links", response={201: LinkOut}, auth=Needs("cases:write"))
def create_link(request: HttpRequest, slug: str, payload: LinkIn) -> Status[LinkOut]:
    """Un lien qui remplit le formulaire à l'avance, pour une personne. Il expire, et ne dit rien à qui le lit."""
    procedure = allowed(request).procedure(slug)
    until = timezone.now() + timedelta(days=payload.days)
    try:
        sealed = prefill_links.token(procedure, payload.answers, until=until)
    except prefill_links.LinkRefused as refused:
        raise problems.Refusal(422, "invalid-data", str(refused), errors=[("/answers", str(refused))]) from refused
    address = request.build_absolute_uri(f"/demarches/{slug}/?{urlencode({prefill_links.NAME: sealed})}")
    return Status(201, LinkOut(url=address, expires_at=until))


@router.get("procedures/{slug}/definition", response=DefinitionOut, auth=Needs("procedures:read"))
def read_definition(request: HttpRequest, slug: str) -> DefinitionOut:
    """Le fichier de la version en service, en YAML et en JSON : une autre collectivité peut le reprendre."""
    return DefinitionOut.of(allowed(request).procedure(slug))


@router.get("procedures/{slug}/schemas", response=SchemasOut, auth=Needs("procedures:read"))
def read_schemas(request: HttpRequest, slug: str) -> SchemasOut:
    """Les réponses de la version en service, en JSON Schema 2020-12 : ce que l'API accepte, ce que le hub reçoit."""
    return SchemasOut.of(allowed(request).procedure(slug))
