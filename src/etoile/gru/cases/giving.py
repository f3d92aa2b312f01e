"""A document that the service adds to a case: a plan, a report of a visit, a letter received on paper, what the person
was asked for and brought to the counter."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, asking, events, leaving, telling
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.moves import Outgoing, locked
from etoile.gru.cases.returns import RETURNED
from etoile.gru.cases.search import keeping as search
from etoile.gru.documents.services import Received, keep


@dataclass(frozen=True, slots=True)
class Brought:
    """What the person was asked for and gave otherwise than online: places in the list, by request, and the local day
    it came; None, today."""

    places: Mapping[uuid.UUID, Sequence[int]]
    day: date | None = None


def give(case_id: uuid.UUID, account: Account, files: Sequence[Received], brought: Brought | None = None) -> Case:
    """Keep files proven already; the person is told and may download them, applications receive them.
    Raises `CaseError` when the case is closed."""
    with transaction.atomic():
        case = locked(case_id)
        if not case.is_open:
            raise CaseError(_("La demande est terminée : elle ne reçoit plus de document."))
        requests = _received(case, brought) if brought is not None else []
        given = [keep(each, case.authority, case.id, field=asking.GIVEN if requests else RETURNED) for each in files]
        detail: dict[str, Any] = {"documents": [{"name": each.name, "sha256": each.sha256} for each in given]}
        last = requests[-1] if requests else None
        leaves = leaving.documents_of(case, given)
        outgoing = [Outgoing(events.DOCUMENT_ADDED, events.document_added(case, each, last)) for each in leaves]
        if brought is not None and brought.day is not None:
            detail["received_on"] = brought.day.isoformat()
        asking.go_on(case, "document_given", actors.agent(account), last, detail=detail, outgoing=outgoing)
        search.note(case, [each.name for each in given])
        if last is None:
            telling.tell(case, "document_returned")
        else:
            telling.tell(case, "document_received", count=len(given))
    return case


def _received(case: Case, brought: Brought) -> list[DocumentRequest]:
    today = running.today(case, timezone.now())
    day = brought.day or today
    if day > today:
        raise Incomplete(_("Ce jour n’est pas encore venu : écrivez celui où vous avez reçu la pièce."))
    requests = [asking.receive(case, each, places, day) for each, places in brought.places.items()]
    for each in requests:
        asked = each.asked_at.astimezone(case.authority.zone).date()
        if day < asked:
            raise Incomplete(
                _("Vous avez demandé cette pièce le %(asked)s : elle n’a pas pu arriver avant.")
                % {"asked": asked.strftime("%d/%m/%Y")}
            )
    return requests
