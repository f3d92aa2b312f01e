"""A document that the service adds to a case: a plan, a report of a visit, a letter received on paper."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, events, telling
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import Outgoing, locked, write
from etoile.gru.cases.returns import RETURNED
from etoile.gru.cases.search import keeping as search
from etoile.gru.documents.services import Received, keep


def give(case_id: uuid.UUID, account: Account, files: Sequence[Received]) -> Case:
    """Keep files proven already; the person is told and may download them, applications receive them.
    Raises `CaseError` when the case is closed."""
    with transaction.atomic():
        case = locked(case_id)
        if not case.is_open:
            raise CaseError(_("La demande est terminée : elle ne reçoit plus de document."))
        given = [keep(each, case.authority, case.id, field=RETURNED) for each in files]
        detail = {"documents": [{"name": each.name, "sha256": each.sha256} for each in given]}
        outgoing = [Outgoing(events.DOCUMENT_ADDED, events.document_added(case, each, None)) for each in given]
        write(case, "document_given", actors.agent(account), detail=detail, outgoing=outgoing)
        search.note(case, [each.name for each in given])
        telling.tell(case, "document_returned")
    return case
