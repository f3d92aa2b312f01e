"""Say that an agent is away, and that they are back. The only writer of `Absence`."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.absences import queries
from etoile.gru.absences.models import Absence
from etoile.gru.access.models import Account
from etoile.gru.audit.services import note

# A longer one is another matter: the cases are given to somebody else for good.
LONGEST = timedelta(days=366)


class AbsenceRefused(Exception):
    """`str(error)` is shown as it is."""


def declare(account: Account, *, by: Account, stand_in: Account, first: date, last: date, today: date) -> Absence:
    """From the first day to the last, both included, `stand_in` has the cases of `account` among theirs, and is given
    those that would be given to them; with their own rights. Raises `AbsenceRefused` with what to do."""
    _may(by, account)
    if last < first:
        raise AbsenceRefused(_("Le dernier jour vient avant le premier. Choisissez-le après."))
    if last < today:
        raise AbsenceRefused(_("Cette absence est déjà finie. Choisissez des jours à venir."))
    if last - first > LONGEST:
        raise AbsenceRefused(_("Une absence dure un an au plus. Au-delà, confiez les demandes à quelqu’un d’autre."))
    if stand_in.pk == account.pk or not queries.able(account).filter(pk=stand_in.pk).exists():
        raise AbsenceRefused(_("Choisissez une personne qui traite les mêmes demandes."))
    with transaction.atomic():
        # In one order, whoever declares: two absences at once never cross.
        list(Account.objects.select_for_update().filter(pk__in=[account.pk, stand_in.pk]).order_by("pk").only("pk"))
        near = Absence.objects.filter(first__lte=last, last__gte=first)
        if near.filter(account=account).exists():
            raise AbsenceRefused(_("Une absence est déjà prévue ces jours-là. Retirez-la d’abord."))
        if near.filter(account=stand_in).exists():
            told = _("%(agent)s a aussi une absence ces jours-là. Choisissez quelqu’un d’autre.")
            raise AbsenceRefused(told % {"agent": stand_in})
        absence = Absence.objects.create(account=account, stand_in=stand_in, first=first, last=last)
        _note("agent.away", absence, by)
    return absence


def withdraw(absence: Absence, *, by: Account, today: date) -> None:
    """The agent is there from today on: an absence begun ended yesterday, one to come is removed."""
    _may(by, absence.account)
    with transaction.atomic():
        if absence.first < today <= absence.last:
            Absence.objects.filter(pk=absence.pk).update(last=today - timedelta(days=1))
        elif absence.first >= today:
            Absence.objects.filter(pk=absence.pk).delete()
        else:
            return
        _note("agent.back", absence, by)


def _may(by: Account, account: Account) -> None:
    if by.pk != account.pk and not queries.managed_by(by).filter(pk=account.pk).exists():
        raise AbsenceRefused(_("Seuls cet agent et son responsable peuvent le dire."))


def _note(action: str, absence: Absence, by: Account) -> None:
    detail = {
        "first": absence.first.isoformat(),
        "last": absence.last.isoformat(),
        "stand_in": str(absence.stand_in),
    }
    authority = absence.account.authority
    note(action, authority=authority.pk if authority else 0, by=by, subject=str(absence.account), detail=detail)
