"""Who follows a case: given to an agent, or to nobody, without the case moving."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.absences import queries as absences
from etoile.gru.access.models import Account
from etoile.gru.cases import actors, queries
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked, write


def assign(case_id: uuid.UUID, account: Account, *, to: Account | None, expected_version: int | None = None) -> Case:
    """`to` must be able to treat the case; None, nobody follows it any more. Writes nothing when nothing changes.

    When `to` is away, the case goes to who stands in for them. Raises `CaseError`."""
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        if not case.is_open:
            raise CaseError(_("La demande est terminée : elle ne se confie plus."))
        meant, to = to, _acting(case, account, to)
        if case.assignee_id == (to.pk if to else None):
            return case
        if to is not None and not _treats(to, case):
            raise CaseError(_("Cet agent ne traite pas les demandes de ce service."))
        case.assignee = to
        detail = {"to": str(to)} if to else {}
        if meant is not None and meant != to:
            detail["instead_of"] = str(meant)
        write(case, "assign", actors.agent(account), fields=["assignee"], detail=detail)
    return case


def _acting(case: Case, account: Account, to: Account | None) -> Account | None:
    """Who stands in today for whom it is given to, if they may treat it; nobody else takes what one takes oneself."""
    if to is None or to.pk == account.pk:
        return to
    instead = absences.acting(to)
    return instead if instead.pk == to.pk or _treats(instead, case) else to


def _treats(agent: Account, case: Case) -> bool:
    return queries.visible_to(agent, "cases.treat").filter(pk=case.pk).exists()
