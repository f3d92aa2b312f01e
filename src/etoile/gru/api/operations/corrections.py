"""What is asked of the person, their corrections, the changes that an agent makes; the legal dates that follow."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Status, UploadedFile

from etoile.gru.api import preconditions
from etoile.gru.api.acting import ACT, agent, case_of, note_reading, refusals
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.creation import pointer
from etoile.gru.api.describe import MATCHED
from etoile.gru.api.idempotency import repeatable
from etoile.gru.api.operations.documents import not_taken
from etoile.gru.api.people import People
from etoile.gru.api.problems import Refusal
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.acts import DocumentRequestOut
from etoile.gru.api.shapes.clock import ClockOut
from etoile.gru.api.shapes.corrections import (
    CorrectionRequestIn,
    RevisionIn,
    RevisionOut,
    RevisionsOut,
)
from etoile.gru.api.shapes.given import Line
from etoile.gru.cases.models import Case
from etoile.gru.corrections import queries, services
from etoile.gru.corrections.errors import Wrong
from etoile.gru.corrections.models import Revision
from etoile.gru.documents.services import DocumentRefused, Received, received
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.file import File as FileType
from etoile.gru.forms.sensitive import is_sealed

router = Router(tags=["Corrections"])


@router.get("cases/{case_id}/clock", response=ClockOut, auth=Needs("cases:read"))
def read_clock(request: HttpRequest, case_id: uuid.UUID) -> ClockOut:
    """Les dates légales d'une demande : accusés, silence, suspension, transmission, réponse promise."""
    case = case_of(allowed(request), case_id)
    return ClockOut.of(case, list(case.document_requests.all()))


@router.post(
    "cases/{case_id}/correction-requests", response={201: DocumentRequestOut}, auth=Needs(ACT), openapi_extra=MATCHED
)
@repeatable
def ask_corrections(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, payload: CorrectionRequestIn
) -> Status[DocumentRequestOut]:
    """Demander à la personne de corriger des réponses, au nom d'un agent. En-tête If-Match obligatoire."""
    mine = allowed(request)
    case = case_of(mine, case_id)
    seen = preconditions.expected(request, case)
    account = agent(mine, payload.agent, case, "cases.treat")
    _need(mine, case, {f"/wrong/{place}/field": each.field for place, each in enumerate(payload.wrong)})
    with refusals():
        asked = services.ask(
            case_id,
            account,
            wrong=[{**each.model_dump(), "fault": each.fault.value} for each in payload.wrong],
            deadline=payload.deadline,
            indispensable=payload.indispensable,
            comment=payload.comment,
            expected_version=seen,
        )
    preconditions.announce(response, asked.case.version)
    return Status(201, DocumentRequestOut.of(asked))


@router.get("cases/{case_id}/revisions", response=RevisionsOut, auth=Needs("cases:read"))
def list_revisions(request: HttpRequest, case_id: uuid.UUID) -> RevisionsOut:
    """Ce qui a changé dans les réponses depuis l'envoi, par qui et pourquoi, du plus récent au plus ancien."""
    mine = allowed(request)
    case = case_of(mine, case_id)
    made, named = queries.made(case), "family_name" in People(mine).on(case).read
    # What was asked under a former procedure is read as that one allows: a question of the same name is another.
    versions = {each.version_id: each.version for each in made}
    open_to = {known: mine.questions(case, version) for known, version in versions.items()}
    note_reading(mine, case)
    return RevisionsOut(items=[RevisionOut.of(each, open_to[each.version_id], named=named) for each in made])


@router.post("cases/{case_id}/revisions", response={201: RevisionOut}, auth=Needs(ACT), openapi_extra=MATCHED)
@repeatable
def revise_answers(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, payload: RevisionIn
) -> Status[RevisionOut]:
    """Changer des réponses, au nom d'un agent qui dit pourquoi : la personne le lit. If-Match obligatoire.

    Les réponses sont validées comme à l'écran. Qui demande ne change pas ici, un fichier par `revisions/files` ;
    ce qui est sensible se relit par GET.
    """
    mine = allowed(request)
    case = case_of(mine, case_id)
    seen = preconditions.expected(request, case)
    account = agent(mine, payload.agent, case, "cases.treat")
    _need(mine, case, {f"/answers/{name}": name for name in payload.answers})
    definition = case.procedure_version.definition
    with _refused(lambda address: f"/answers/{pointer(definition, payload.answers, address)}"):
        made = services.change(case_id, account, payload.answers, reason=payload.reason, expected_version=seen)
    return _made(mine, case, made, response)


@router.post("cases/{case_id}/revisions/files", response={201: RevisionOut}, auth=Needs(ACT), openapi_extra=MATCHED)
def revise_file(
    request: HttpRequest,
    response: HttpResponse,
    case_id: uuid.UUID,
    agent: Form[Line],
    field: Form[Line],
    reason: Form[Line],
    file: File[UploadedFile],
) -> Status[RevisionOut]:
    """Changer le fichier d'une question, au nom d'un agent qui dit pourquoi. En-tête If-Match obligatoire.

    L'ancien reste parmi les pièces de la demande, et ne répond plus à rien (`field` : `replaced`).
    """
    mine = allowed(request)
    case = case_of(mine, case_id)
    _need(mine, case, {"/field": field})
    asked = case.procedure_version.definition.field(field)
    kind = TYPES[asked.type] if asked is not None else None
    if asked is None or not isinstance(kind, FileType):
        raise Refusal(422, "invalid-data", "Cette question n'attend pas de fichier", errors=[("/field", "")])
    try:
        with received(file, accept=kind.accept(asked), max_size=kind.max_size(asked)) as proven:
            said = RevisedFile(agent, field, reason, proven)
            answered: Status[RevisionOut] = _revise_file(request, response, case_id=case_id, said=said)
            return answered
    except DocumentRefused as refused:
        raise not_taken(refused) from refused


@dataclass(frozen=True, slots=True)
class RevisedFile:
    """What was said with a file: who says it, which question it answers, why it changes."""

    agent: str
    field: str
    reason: str
    file: Received


@repeatable
def _revise_file(
    request: HttpRequest, response: HttpResponse, case_id: uuid.UUID, said: RevisedFile
) -> Status[RevisionOut]:
    mine = allowed(request)
    case = case_of(mine, case_id)
    seen = preconditions.expected(request, case)
    account = agent(mine, said.agent, case, "cases.treat")
    with _refused(lambda _address: "/field"):
        files = {said.field: [said.file]}
        made = services.change(case_id, account, {}, files=files, reason=said.reason, expected_version=seen)
    return _made(mine, case, made, response)


def _made(mine: Allowed, case: Case, made: Revision, response: HttpResponse) -> Status[RevisionOut]:
    preconditions.announce(response, made.case.version)
    # An answer may be kept for its key, where nothing is sealed: the sensitive values are read by GET.
    told = {name.partition(".")[0] for name, value in made.after.items() if not is_sealed(value)}
    return Status(201, RevisionOut.of(made, mine.questions(case) & told, named=False))


@contextmanager
def _refused(place: Callable[[str], str]) -> Iterator[None]:
    """As `refusals`, each wrong answer named by its `place` in what was given."""
    with refusals():
        try:
            yield
        except Wrong as wrong:
            errors = [(place(each.field), each.message) for each in wrong.errors]
            raise Refusal(422, "invalid-data", str(wrong), errors=errors) from wrong


def _need(mine: Allowed, case: Case, asked: dict[str, str]) -> None:
    """Raises `Refusal` (422) for questions that this client may not read."""
    open_to = mine.questions(case)
    if errors := [(place, "") for place, name in asked.items() if name not in open_to]:
        raise Refusal(422, "invalid-data", "Cette question n'existe pas, ou ce client ne la lit pas", errors=errors)
