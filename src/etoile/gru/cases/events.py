"""What we publish about a case: the data of each message type of the contract, as plain dictionaries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from etoile.gru.cases import leaving, links, states
from etoile.gru.cases.models import Case, Decision, DocumentRequest, Message
from etoile.gru.contracts import sharing
from etoile.gru.contracts.grants import Grant
from etoile.gru.documents.models import Document
from etoile.gru.forms.decisions import Quote
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.outbox.services import document_address

SUBMITTED = "org.etoile.case.submitted.v1"
WITHDRAWN = "org.etoile.case.withdrawn.v1"
STATUS_CHANGED = "org.etoile.case.status_changed.v1"
MESSAGE_POSTED = "org.etoile.case.message_posted.v1"
DOCUMENT_ADDED = "org.etoile.case.document_added.v1"
UPDATED = "org.etoile.case.updated.v1"
DECIDED = "org.etoile.case.decided.v1"
HANDOFF_CHANGED = "org.etoile.handoff.changed.v1"


def submitted(
    case: Case,
    version: ProcedureVersion,
    applicant: Mapping[str, Any],
    answers: Mapping[str, Any],
    documents: Sequence[Document],
    grant: Grant,
    price: Quote | None = None,
) -> dict[str, Any]:
    """`applicant` is cut already (`filing.applicant_data`); answers and documents are cut here, by the same `grant`."""
    data: dict[str, Any] = {
        "case": {
            **case.identity(),
            "submitted_at": stamp(case.submitted_at),
            "channel": str(case.channel),
            "url": links.agent_address(case),
        },
        "procedure": {"slug": version.procedure.slug, "version": version.number, "title": version.name.raw()},
        "applicant": dict(applicant),
        "answers": leaving.open_answers(version, grant, answers),
        "documents": [document_data(each) for each in leaving.open_documents(version, grant, documents)],
    }
    if kept := leaving.withheld(version, grant):
        data["withheld"] = kept
    if case.team is not None:
        data["team"] = {"slug": case.team.slug, "name": case.team.name}
    if case.mandate:
        data["mandate"] = sharing.mandate(applicant, case.mandate)
    if price is not None and price.lines:
        data["price"] = priced(price)
    return data


def priced(price: Quote) -> dict[str, Any]:
    lines = [{"label": line.label.published, "amount_cents": line.amount} for line in price.lines]
    return {"amount_cents": price.total, "currency": "EUR", "lines": lines}


def status_changed(case: Case, *, at: datetime, message: str = "") -> dict[str, Any]:
    data: dict[str, Any] = {
        **about(case),
        "status": states.published_status(case.state, case.substate),
        "occurred_at": stamp(at),
    }
    if message:
        data["message"] = message
    return data


def message_posted(case: Case, message: Message) -> dict[str, Any]:
    return {
        **about(case),
        "message": {
            "id": str(message.id),
            "author": str(message.author),
            "body": message.body,
            "sent_at": stamp(message.sent_at),
        },
    }


def document_added(case: Case, document: Document, request: DocumentRequest | None) -> dict[str, Any]:
    data: dict[str, Any] = {**about(case), "document": document_data(document)}
    if request is not None:
        data["request"] = str(request.id)
    return data


def updated(case: Case, answers: Mapping[str, Any], reason: str, price: Quote | None = None) -> dict[str, Any]:
    """`answers` are those that changed, in clear; null for one that is no longer given. `price` when it changed."""
    told: dict[str, Any] = {"reason": reason} if reason else {}
    if price is not None:
        told["price"] = priced(price)
    return {**about(case), "answers": dict(answers), **told}


def decided(case: Case, decision: Decision) -> dict[str, Any]:
    data: dict[str, Any] = {
        **about(case),
        "decision": str(decision.outcome),
        "decided_at": stamp(decision.decided_at),
    }
    if decision.reasons:
        data["reasons"] = decision.reasons
    if decision.implicit:
        data["implicit"] = True
    return data


def withdrawn(case: Case, reason: str) -> dict[str, Any]:
    return {**about(case), **({"reason": reason} if reason else {})}


def about(case: Case) -> dict[str, Any]:
    """The case and its procedure: what follows a request reaches an application by the filter that gave it that one."""
    version = case.procedure_version
    return {"case": case.identity(), "procedure": {"slug": version.procedure.slug, "version": version.number}}


def document_data(document: Document) -> dict[str, Any]:
    """A document travels by reference: its address opens nothing without a signature."""
    return {
        "id": str(document.id),
        "field": document.field,
        "name": document.name,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "url": document_address(document.id),
    }


def stamp(moment: datetime) -> str:
    """RFC 3339 with an offset."""
    return moment.isoformat()
