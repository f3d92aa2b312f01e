"""What each type of event does here. A handler reads the data of a valid event and calls the verbs of the cases."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etoile.contract.envelope import Event
from etoile.gru.cases import events, returns
from etoile.gru.fees import services as fees
from etoile.gru.inbox.fetching import Fetched

Handler = Callable[[uuid.UUID, Event, Fetched], "Effect"]


@dataclass(frozen=True, slots=True)
class Effect:
    """`why` says, in French, why an event had none."""

    applied: bool = True
    why: str = ""


def _status_changed(case_id: uuid.UUID, event: Event, _document: Fetched) -> Effect:
    data = event.data
    business = data.get("business_status") or {}
    word = returns.Word(
        source=event.source,
        status=data["status"],
        occurred_at=moment(data["occurred_at"]),
        sequence=event.sequence,
        code=business.get("code", ""),
        label=business.get("label", ""),
        external_id=data.get("external_id") or "",
        message=data.get("message") or "",
    )
    return _effect(returns.record_business_status(case_id, word))


def _decided(case_id: uuid.UUID, event: Event, _document: Fetched) -> Effect:
    data = event.data
    word = returns.Word(
        source=event.source,
        status=data["decision"],
        occurred_at=moment(data["decided_at"]),
        sequence=event.sequence,
        message=data.get("reasons") or "",
    )
    return _effect(returns.record_business_status(case_id, word))


def _message_posted(case_id: uuid.UUID, event: Event, _document: Fetched) -> Effect:
    message = event.data["message"]
    returns.record_message(case_id, event.source, body=message["body"], sent_at=moment(message["sent_at"]))
    return Effect()


def _document_added(case_id: uuid.UUID, event: Event, document: Fetched) -> Effect:
    if document.file is None:
        returns.record_offered_document(case_id, event.source, event.data["document"], why=document.why)
        return Effect(why=document.why)
    returns.record_returned_document(case_id, event.source, document.file)
    return Effect()


def _handoff_changed(case_id: uuid.UUID, event: Event, _document: Fetched) -> Effect:
    data: dict[str, Any] = event.data
    outcome = returns.record_handoff(
        case_id,
        delivery=str(data["delivery"]),
        message_type=data["message"]["type"],
        application=data["application"]["slug"],
        application_name=data["application"].get("name") or "",
        subscription=str(data.get("subscription") or ""),
        state=data["state"],
        occurred_at=moment(data["occurred_at"]),
        external_id=data.get("external_id") or "",
        detail=data.get("detail") or "",
        attempts=data.get("attempts") or 0,
    )
    return _effect(outcome)


def _payment_changed(case_id: uuid.UUID, event: Event, _document: Fetched) -> Effect:
    data = event.data
    told = fees.Told(
        source=event.source,
        external_id=data["payment"]["id"],
        state=data["state"],
        amount=data["amount_cents"],
        occurred_at=moment(data["occurred_at"]),
        reference=data.get("transaction") or data["payment"].get("reference") or "",
    )
    return _effect(fees.record(case_id, told))


HANDLERS: dict[str, Handler] = {
    events.STATUS_CHANGED: _status_changed,
    events.DECIDED: _decided,
    events.MESSAGE_POSTED: _message_posted,
    events.DOCUMENT_ADDED: _document_added,
    events.HANDOFF_CHANGED: _handoff_changed,
    fees.CHANGED: _payment_changed,
}


def moment(text: str) -> datetime:
    """An RFC 3339 moment; the schema has checked it already."""
    return datetime.fromisoformat(text)


def _effect(outcome: returns.Outcome) -> Effect:
    return Effect(outcome.applied, outcome.why)
