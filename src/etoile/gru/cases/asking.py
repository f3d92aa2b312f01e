"""A request for documents (CRPA L114-5), within the transaction of the verb that asks for them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import letters
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import Incomplete
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.typed import readable


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
