"""What is written about a case: messages with the person, notes between agents."""

import uuid

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from etoile.gru.api import acting, idempotency
from etoile.gru.api.acting import ACT, agent, case_of, program, refusals
from etoile.gru.api.describe import ONCE
from etoile.gru.api.people import People
from etoile.gru.api.security import Needs, allowed
from etoile.gru.api.shapes.acts import AGENT, MessageIn, MessageOut, MessagesOut, NoteIn, NoteOut, NotesOut
from etoile.gru.cases import actors, services
from etoile.gru.desk import notes

router = Router(tags=["Échanges"])


@router.get("cases/{case_id}/messages", response=MessagesOut, auth=Needs("cases:read"))
def list_messages(request: HttpRequest, case_id: uuid.UUID) -> MessagesOut:
    """Les messages échangés avec la personne, du plus ancien au plus récent. Ils ne sont pas marqués comme lus."""
    case = case_of(allowed(request), case_id)
    named = "family_name" in People(allowed(request)).on(case).read
    return MessagesOut(items=[MessageOut.of(each, named=named) for each in case.messages.all()])


@router.post("cases/{case_id}/messages", response={201: MessageOut}, auth=Needs("cases:write"), openapi_extra=ONCE)
def post_message(request: HttpRequest, case_id: uuid.UUID, payload: MessageIn) -> HttpResponse:
    """Écrire à la personne. En-tête Idempotency-Key obligatoire."""
    case = case_of(allowed(request), case_id)
    actor = program(allowed(request))
    if payload.agent:
        actor = actors.agent(agent(allowed(request), payload.agent, case, "cases.treat"))

    def write() -> dict[str, object]:
        with refusals():
            return idempotency.plain(MessageOut.of(services.post_message(case_id, actor, payload.body)))

    return idempotency.answer(request, allowed(request).client, write)[1]


@router.get("cases/{case_id}/notes", response=NotesOut, auth=Needs(ACT))
def list_notes(request: HttpRequest, case_id: uuid.UUID) -> NotesOut:
    """Les notes des agents, que la personne ne lit jamais, de la plus récente à la plus ancienne."""
    case = case_of(allowed(request), case_id)
    return NotesOut(items=[NoteOut.of(each) for each in notes.of_case(case)])


@router.post("cases/{case_id}/notes", response={201: NoteOut}, auth=Needs(ACT), openapi_extra=ONCE)
def write_note(request: HttpRequest, case_id: uuid.UUID, payload: NoteIn) -> HttpResponse:
    """Écrire une note pour les agents, au nom de l'un d'eux. En-tête Idempotency-Key obligatoire."""
    case = case_of(allowed(request), case_id)
    account = agent(allowed(request), payload.agent, case, "cases.treat")

    def write() -> dict[str, object]:
        with refusals():
            return idempotency.plain(NoteOut.of(notes.write(case, account, payload.body)))

    return idempotency.answer(request, allowed(request).client, write)[1]


@router.delete("cases/{case_id}/notes/{note_id}", response={204: None}, auth=Needs(ACT))
def withdraw_note(
    request: HttpRequest, case_id: uuid.UUID, note_id: uuid.UUID, agent: str = Query(max_length=254, description=AGENT)
) -> Status[None]:
    """Retirer une note, au nom de son auteur : ses mots s'en vont, sa place reste."""
    case = case_of(allowed(request), case_id)
    account = acting.agent(allowed(request), agent, case, "cases.read")
    with refusals():
        notes.withdraw(case, account, note_id)
    return Status(204, None)
