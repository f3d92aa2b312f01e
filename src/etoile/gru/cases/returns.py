"""What comes back from the hub about a case: statuses of the applications, their messages, and hand-offs.

`inbox` calls these inside its own transaction. An older or repeated word is recorded in the history, never applied.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from etoile.gru.cases import actors, asking, telling, waits
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.models import Case, Handoff, Message, SourcePosition
from etoile.gru.cases.moves import locked, move, write
from etoile.gru.cases.search import keeping as search
from etoile.gru.cases.states import BUSINESS_STATUSES, FINAL, Returned, State, Substate
from etoile.gru.documents.models import Document
from etoile.gru.documents.services import Received, keep

# The `field` of a document that answers no question: an application gave it back.
RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Word:
    """One status as an application says it: a word of the contract, and the application's own beside it."""

    source: str
    status: str
    occurred_at: datetime
    sequence: int | None = None
    code: str = ""
    label: str = ""
    external_id: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: applied, or only recorded, and why (French, for an agent)."""

    applied: bool
    why: str = ""


def record_business_status(case_id: uuid.UUID, word: Word, *, application: str = "") -> Outcome:
    """Follow an application's status, if it is the newest of that source and the case is still open."""
    case = locked(case_id)
    actor = actors.application(application or _known_name(case, word.source))
    position = SourcePosition.objects.filter(case=case, source=word.source).first()
    why = _why_not(case, position, word)
    if why:
        write(case, "status_recorded", actor, detail={**_said(word), "why": why})
        return Outcome(False, why)
    _advance(case, position, word)
    before = (case.state, case.substate)
    _apply(case, word, actor)
    if word.message:
        _keep_message(case, actor, word.message, word.occurred_at)
    _tell(case, before, word)
    return Outcome(True)


def record_message(case_id: uuid.UUID, source: str, *, body: str, sent_at: datetime, application: str = "") -> None:
    """A message of an application to the person."""
    case = locked(case_id)
    actor = actors.application(application or _known_name(case, source))
    message = _keep_message(case, actor, body, sent_at)
    write(case, "message_posted", actor, detail={"message": str(message.id)})
    telling.tell_message(case, message)


def record_returned_document(case_id: uuid.UUID, source: str, file: Received) -> Document:
    """A document of an application, read already: it is the person's and the agents' from now on."""
    case = locked(case_id)
    actor = actors.application(_known_name(case, source))
    document = keep(file, case.authority, case.id, field=RETURNED)
    detail = {"documents": [{"name": document.name, "sha256": document.sha256}]}
    write(case, "document_returned", actor, detail=detail)
    search.note(case, [document.name])
    telling.tell(case, "document_returned")
    return document


def record_offered_document(case_id: uuid.UUID, source: str, document: Mapping[str, Any], *, why: str = "") -> None:
    """An application has a document for this case, which could not be read here: it is noted, with the reason."""
    case = locked(case_id)
    actor = actors.application(_known_name(case, source))
    kept = {key: document[key] for key in ("id", "name", "media_type", "size", "sha256", "url") if key in document}
    write(case, "document_offered", actor, detail={"document": kept, **({"why": why} if why else {})})
    telling.tell(case, "status_changed")


def record_handoff(
    case_id: uuid.UUID,
    *,
    delivery: str,
    message_type: str,
    application: str,
    application_name: str,
    state: str,
    occurred_at: datetime,
    subscription: str = "",
    external_id: str = "",
    detail: str = "",
    attempts: int = 0,
) -> Outcome:
    """Keep where a delivery stands, as the hub tells it. An older word than the one we hold changes nothing."""
    case = locked(case_id)
    handoff = Handoff.objects.filter(case=case, delivery=delivery).first() or Handoff(case=case, delivery=delivery)
    if handoff.pk and occurred_at < handoff.occurred_at:
        return Outcome(False, "une information plus récente est déjà connue")
    changed = handoff.state != state
    handoff.message_type, handoff.subscription = message_type, subscription
    handoff.application, handoff.application_name = application, application_name or application
    handoff.state, handoff.detail, handoff.attempts = state, detail, attempts
    handoff.external_id = external_id or handoff.external_id
    handoff.occurred_at = occurred_at
    handoff.save()
    if changed:
        said = {"application": application, "state": state, "external_id": handoff.external_id, "delivery": delivery}
        write(case, "handoff", actors.application("hub"), detail=said)
    return Outcome(True)


def _why_not(case: Case, position: SourcePosition | None, word: Word) -> str:
    if position is not None:
        if word.sequence is not None and position.sequence is not None:
            if word.sequence <= position.sequence:
                return "statut déjà connu ou plus ancien (numéro d'ordre)"
        elif position.occurred_at is not None:
            if word.occurred_at < position.occurred_at:
                return "statut plus ancien que le dernier connu"
            if word.occurred_at == position.occurred_at and word.status == position.status:
                return "statut déjà connu"
    if case.state in FINAL and BUSINESS_STATUSES[word.status].verb is not None:
        return f"la demande est déjà {State(case.state).label}"
    return ""


def _advance(case: Case, position: SourcePosition | None, word: Word) -> None:
    position = position or SourcePosition(case=case, source=word.source)
    position.sequence = word.sequence if word.sequence is not None else position.sequence
    position.occurred_at, position.status = word.occurred_at, word.status
    position.external_id = word.external_id or position.external_id
    position.updated_at = timezone.now()
    position.save()


def _apply(case: Case, word: Word, actor: Actor) -> None:
    returned = BUSINESS_STATUSES[word.status]
    case.business_code, case.business_label = word.code[:60], word.label[:200]
    business = {"business_code": case.business_code, "business_label": case.business_label}
    still = _waits_for(case, returned)
    same = case.state == State.IN_PROGRESS and case.substate == still
    if returned.verb is None or (returned.verb == "wait" and same):
        write(case, "business_status", actor, fields=list(business), detail=_said(word))
        return
    reason = word.message or word.label or f"Décision communiquée par {actor.name}."
    move(
        case,
        returned.verb,
        actor,
        substate=still,
        reason=reason if returned.verb in {"refuse", "close", "withdraw"} else "",
        detail=_said(word),
        changes=business,
    )


def _waits_for(case: Case, returned: Returned) -> str:
    """An application that goes on treating knows nothing of what the agents wait for: that stays awaited."""
    if returned.verb != "wait" or returned.substate:
        return returned.substate
    if case.substate == Substate.OPINION_ASKED:
        return Substate.OPINION_ASKED
    return Substate.DOCUMENTS_ASKED if case.substate and asking.is_open(case) else waits.left(case.pk)


def _tell(case: Case, before: tuple[str, str], word: Word) -> None:
    if before != (case.state, case.substate):
        telling.tell(case, "decision" if case.state in FINAL else "status_changed")
    elif word.message:
        telling.tell(case, "message_received")


def _keep_message(case: Case, actor: Actor, body: str, sent_at: datetime) -> Message:
    return Message.objects.create(
        case=case, author=Message.Author.APPLICATION, author_name=actor.name, body=body, sent_at=sent_at
    )


def _known_name(case: Case, source: str) -> str:
    """The name the hub gave this application with a hand-off of this case, or its slug."""
    known = Handoff.objects.filter(case=case, application=source).values_list("application_name", flat=True).first()
    return known or source


def _said(word: Word) -> dict[str, Any]:
    said = {
        "source": word.source,
        "status": word.status,
        "occurred_at": word.occurred_at.isoformat(),
        "sequence": word.sequence,
        "code": word.code,
        "label": word.label,
        "external_id": word.external_id,
    }
    return {key: value for key, value in said.items() if value not in ("", None)}
