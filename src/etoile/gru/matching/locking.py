"""A suspicion is held by whoever compares it, for a time: two agents do not decide the same one."""

import uuid
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.matching.errors import MatchingError, NotWithinReach
from etoile.gru.matching.models import Suspicion
from etoile.gru.matching.reach import suspicions, task

HELD = timedelta(minutes=15)


def take(pk: uuid.UUID, account: Account) -> Suspicion:
    """Held from now for `HELD`; again, for as long. Raises `MatchingError` when a colleague has it. Compare-and-set."""
    now = timezone.now()
    free = Q(locked_until=None) | Q(locked_until__lte=now) | Q(locked_by=account)
    with task(account):
        found = suspicions(account).filter(pk=pk).first()
        if found is None:
            raise NotWithinReach(_("Ce doublon n’est plus à examiner : il a été traité, ou les fiches ont changé."))
        taken = Suspicion.objects.filter(free, pk=pk).update(locked_by=account, locked_until=now + HELD)
    if not taken:
        raise MatchingError(_("%(name)s compare déjà ces deux fiches.") % {"name": found.locked_by})
    return found


def release(pk: uuid.UUID, account: Account) -> None:
    with task(account):
        Suspicion.objects.filter(pk=pk, locked_by=account).update(locked_by=None, locked_until=None)


def held(pk: uuid.UUID, account: Account) -> Suspicion:
    """The one the agent holds; locked until the transaction ends. Raises `MatchingError`. Under `reach.task`."""
    found = Suspicion.objects.select_for_update(of=("self",)).filter(pk=pk, authority=account.authority_id).first()
    if found is None:
        raise MatchingError(_("Ce doublon n’est plus à examiner : il a été traité, ou les fiches ont changé."))
    if found.locked_by_id != account.pk or not found.is_locked:
        raise MatchingError(_("Vous ne teniez plus ces deux fiches : le délai est passé. Reprenez-les, puis décidez."))
    return found
