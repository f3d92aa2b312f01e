"""Who follows a case: given to an agent, or to nobody, without the case moving."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, queries
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked, write


def assign(case_id: uuid.UUID, account: Account, *, to: Account | None, expected_version: int | None = None) -> Case:
    """`to` must be able to treat the case; None, nobody follows it any more. Writes nothing when nothing changes."""
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        if not case.is_open:
            raise CaseError(_("La demande est terminée : elle ne se confie plus."))
        if case.assignee_id == (to.pk if to else None):
            return case
        if to is not None and not queries.visible_to(to, "cases.treat").filter(pk=case.pk).exists():
            raise CaseError(_("Cet agent ne traite pas les demandes de ce service."))
        case.assignee = to
        name = (to.full_name or to.email) if to else ""
        write(case, "assign", actors.agent(account), fields=["assignee"], detail={"to": name} if name else {})
    return case
