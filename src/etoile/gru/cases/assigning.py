"""Who follows a case: given to an agent, or to nobody, without the case moving."""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from etoile.gru.absences import queries as absences
from etoile.gru.access.models import Account, Membership
from etoile.gru.access.rights import WHOLE_ONLY, roles_with
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


def able(case: Case) -> QuerySet[Account]:
    """The active agents who may be given the case, by name: those who treat what its team, or its sector, receives."""
    held = Membership.objects.filter(account=OuterRef("pk"), role__in=roles_with("cases.treat"))
    there = Q(team=case.team_id) | Q(team__sector=case.sector_id)
    near = held.filter(there, team__authority=case.authority_id).exclude(role__in=sorted(WHOLE_ONLY))
    found = Account.objects.filter(Exists(held.filter(team__isnull=True)) | Exists(near), authority=case.authority_id)
    return found.filter(is_active=True).order_by("family_name", "given_name", "pk")


def _acting(case: Case, account: Account, to: Account | None) -> Account | None:
    """Who stands in today for whom it is given to, if they may treat it; nobody else takes what one takes oneself."""
    if to is None or to.pk == account.pk:
        return to
    instead = absences.acting(to)
    return instead if instead.pk == to.pk or _treats(instead, case) else to


def _treats(agent: Account, case: Case) -> bool:
    return queries.visible_to(agent, "cases.treat").filter(pk=case.pk).exists()
