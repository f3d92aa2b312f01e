"""Keeping a case where it is: nothing of it is archived nor removed while somebody says why it must stay."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.archive.models import Hold
from etoile.gru.cases import actors
from etoile.gru.cases.moves import locked, write
from etoile.gru.cases.typed import readable


def place(case_id: uuid.UUID, account: Account, reason: str) -> Hold:
    """Raises `ArchiveRefused` without a reason, or when the case is held already."""
    reason = readable(reason)[:300]
    if not reason:
        raise ArchiveRefused(_("Dites pourquoi la demande doit être gardée."))
    with transaction.atomic():
        case = locked(case_id)
        if Hold.objects.filter(case=case, lifted_at=None).exists():
            raise ArchiveRefused(_("La demande est déjà gardée."))
        hold = Hold.objects.create(case=case, reason=reason, placed_by=account, placed_at=timezone.now())
        write(case, "held", actors.agent(account), reason=reason)
    return hold


def lift(case_id: uuid.UUID, account: Account) -> None:
    """The case goes on from where it stood. Raises `ArchiveRefused` when nothing holds it."""
    with transaction.atomic():
        case = locked(case_id)
        lifted = Hold.objects.filter(case=case, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=account)
        if not lifted:
            raise ArchiveRefused(_("Rien ne garde plus cette demande."))
        write(case, "hold_lifted", actors.agent(account))
