"""A request for documents (CRPA L114-5), within the transaction of the verb that asks for them or receives some."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import letters
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.moves import Outgoing, move, write
from etoile.gru.cases.states import Substate
from etoile.gru.cases.typed import readable

# The field of a document that no question of the form asked for.
GIVEN = "complement"


def checked(items: Sequence[Mapping[str, Any]], deadline: date) -> list[dict[str, Any]]:
    """The documents as they are kept. Raises `Incomplete`."""
    listed = [_item(raw) for raw in items]
    if not listed:
        raise Incomplete(_("Indiquez au moins une pièce à fournir."))
    if deadline <= timezone.localdate():
        raise Incomplete(_("La date limite doit être à venir."))
    return listed


def ask(case: Case, account: Account, items: list[dict[str, Any]], deadline: date, comment: str) -> DocumentRequest:
    """Write the request and its letter; the legal clock of `case` is set again, for the move that follows to write."""
    request = DocumentRequest(case=case, items=items, deadline=deadline, asked_by=account, asked_at=timezone.now())
    request.wording = letters.document_request(case, request, account, readable(comment))
    request.save(force_insert=True)
    running.reckon(case)
    return request


def receive(case: Case, request_id: uuid.UUID, places: Collection[int] | None, day: date) -> DocumentRequest:
    """Documents of a request came on that local day: those at these places of its list, all of them when None. It is
    answered once none is awaited. Raises `CaseError`."""
    request = DocumentRequest.objects.filter(case=case, pk=request_id).first()
    if request is None:
        raise CaseError(_("Cette demande de pièces n'existe pas."))
    if request.is_correction:
        raise CaseError(_("On demande ici de corriger des réponses : un document ajouté n’y répond pas."))
    if places is not None and not set(places) <= set(range(len(request.items))):
        raise CaseError(_("Cette pièce n’est pas de celles qui sont demandées."))
    for place in request.awaited:
        if places is None or place in places:
            request.items[place]["received"] = day.isoformat()
    if request.state == DocumentRequest.State.OPEN and not request.awaited:
        answer(request)
    else:
        request.save(update_fields=["items"])
    return request


def answer(request: DocumentRequest) -> None:
    """Nothing of it is awaited any more."""
    request.state, request.answered_at = DocumentRequest.State.ANSWERED, timezone.now()
    request.save(update_fields=["items", "state", "answered_at"])


def is_open(case: Case) -> bool:
    """Whether something is still asked of the person. One statement."""
    return DocumentRequest.objects.filter(case=case, state=DocumentRequest.State.OPEN).exists()


def go_on(
    case: Case,
    verb: str,
    actor: Actor,
    request: DocumentRequest | None,
    *,
    detail: Mapping[str, Any],
    outgoing: Sequence[Outgoing],
) -> None:
    """Write that documents came, by this verb. When they answer a request the legal clock follows, and the case goes on
    if nothing else is awaited of the person. Raises `StaleCase`."""
    if request is None:
        return write(case, verb, actor, detail=detail, outgoing=outgoing)
    clock = running.reckon(case)
    told = {**detail, "request": str(request.id), "awaited": request.awaited_names}
    if case.substate == Substate.DOCUMENTS_ASKED and not is_open(case):
        return move(case, "resume", actor, detail=told, also=outgoing, also_write=clock)
    return write(case, verb, actor, fields=clock, detail=told, outgoing=outgoing)


def detail(request: DocumentRequest) -> dict[str, Any]:
    """What the history says of it."""
    said = {"request": str(request.id), "documents": request.names, "deadline": request.deadline.isoformat()}
    return {**said, "corrections": True} if request.is_correction else said


def _item(raw: Mapping[str, Any]) -> dict[str, Any]:
    name = readable(str(raw.get("name", "")))
    if not name:
        raise Incomplete(_("Chaque pièce demandée a un nom."))
    correction = {key: str(raw[key]) for key in ("field", "fault", "sentence") if raw.get("field")}
    return {
        "name": name[:200],
        "indispensable": bool(raw.get("indispensable", True)),
        "to_translate": bool(raw.get("to_translate", False)),
        **correction,
    }
