"""Documents: those of a draft before the request is sent, those of a case."""

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Status, UploadedFile

from etoile.gru.api import creation, idempotency
from etoile.gru.api.acting import case_of, program, refusals
from etoile.gru.api.describe import FILE, ONCE
from etoile.gru.api.problems import NOT_FOUND, Refusal
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.cases import DocumentOut, DraftIn, DraftOut
from etoile.gru.api.shapes.given import Line
from etoile.gru.cases import asking, services
from etoile.gru.documents import serving
from etoile.gru.documents.kinds import JOINED, JOINED_SIZE
from etoile.gru.documents.models import Document
from etoile.gru.documents.scanning import NotOpenable
from etoile.gru.documents.services import DocumentRefused, keep, received
from etoile.gru.filling import files
from etoile.gru.filling import services as filling

router = Router(tags=["Pièces"])


@router.post("drafts", response={201: DraftOut}, auth=Needs("cases:write"))
def create_draft(request: HttpRequest, payload: DraftIn) -> Status[DraftOut]:
    """Un brouillon, où déposer les pièces avant d'envoyer la demande. Il s'efface seul s'il n'est pas envoyé."""
    version = creation.version_of(allowed(request), payload.procedure)
    draft, key = filling.start(version)
    return Status(201, DraftOut(id=draft.id, key=key, expires_at=draft.expires_at))


@router.post("drafts/{draft_id}/documents", response={201: DocumentOut}, auth=Needs("cases:write"))
def attach_document(
    request: HttpRequest,
    draft_id: uuid.UUID,
    key: Form[Line],
    field: Form[Line],
    file: File[UploadedFile],
) -> Status[DocumentOut]:
    """Joindre un fichier à une question du formulaire. Le contenu est vérifié ; le type annoncé n'est pas cru."""
    opened = creation.opened(allowed(request), draft_id, key)
    asked = opened.definition.field(field)
    if asked is None:
        raise Refusal(422, "invalid-data", "Cette question n'existe pas", errors=[("/field", "")])
    try:
        return Status(201, DocumentOut.of(files.attach(opened, asked, file)))
    except DocumentRefused as refused:
        raise not_taken(refused) from refused


@router.get(
    "cases/{case_id}/documents/{document_id}", response={200: None}, auth=Needs("documents:read"), openapi_extra=FILE
)
def read_document(request: HttpRequest, case_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """Une pièce de la demande, telle qu'elle a été reçue."""
    mine = allowed(request)
    case = case_of(mine, case_id)
    document = Document.objects.filter(pk=document_id, holder=case.pk).first()
    if document is None or not mine.reads(case, document.field, mine.opened(case)):
        raise NOT_FOUND
    return openable(document)


@router.post("cases/{case_id}/documents", response={201: DocumentOut}, auth=Needs("cases:write"), openapi_extra=ONCE)
def add_document(
    request: HttpRequest,
    case_id: uuid.UUID,
    file: File[UploadedFile],
    asked: Form[uuid.UUID | None] = None,
    place: Form[int | None] = None,
) -> HttpResponse:
    """Ajouter une pièce, en réponse à une demande de pièces (`asked`) ou non : à l'une d'elles (`place`, son rang dans
    `documents`, à partir de 0), ou à toutes. En-tête Idempotency-Key obligatoire."""
    case = case_of(allowed(request), case_id)
    try:
        with received(file, accept=JOINED, max_size=JOINED_SIZE) as proven:

            def make() -> dict[str, object]:
                with refusals(), transaction.atomic():
                    document = keep(proven, allowed(request).authority, case.pk, field=asking.GIVEN)
                    services.provide_document(
                        case.pk,
                        [document],
                        actor=program(allowed(request)),
                        request_id=asked,
                        places=None if place is None else [place],
                    )
                return idempotency.plain(DocumentOut.of(document))

            return idempotency.answer(request, allowed(request).client, make)[1]
    except DocumentRefused as refused:
        raise not_taken(refused) from refused


def openable(document: Document) -> HttpResponse:
    """The file. Raises `Refusal` (409) while the antivirus has not found it clean."""
    try:
        return serving.response(document)  # type: ignore[return-value]
    except NotOpenable as closed:
        raise Refusal(409, "not-openable", str(closed)) from closed


def not_taken(refused: DocumentRefused) -> Refusal:
    return Refusal(422, "document-refused", str(refused), errors=[("/file", str(refused))])
