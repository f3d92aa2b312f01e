"""Who is away today, and whose work one does meanwhile."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, DateTimeField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from etoile.gru.absences.models import Absence
from etoile.gru.access.models import Account
from etoile.gru.access.queries import teams_of
from etoile.gru.access.rights import Right, roles_with


def now() -> QuerySet[Absence]:
    """The absences of today, where the authority of the absent agent is."""
    zone, at = F("account__authority__timezone"), Value(timezone.now(), output_field=DateTimeField())
    here = Func(zone, at, function="timezone", output_field=DateTimeField())
    found = Absence.objects.alias(today=Cast(here, DateField()))
    return found.filter(first__lte=F("today"), last__gte=F("today"))


def replaced_by(account: int | None) -> ArraySubquery:
    """The primary keys of those whom this account stands in for today, for the statement of another reading."""
    return ArraySubquery(now().filter(stand_in=account).order_by("account").values("account"))


def of_today(account_id: int) -> Absence | None:
    """The absence of this agent today, with who stands in. One statement."""
    return now().filter(account=account_id).select_related("account", "stand_in").first()


def acting(account: Account) -> Account:
    """Who does the work of this agent today: themselves, or who stands in for them. One statement."""
    absence = of_today(account.pk)
    return absence.stand_in if absence is not None else account


def coming(account: Account, *, today: date) -> list[Absence]:
    """What concerns this agent from today on: their absences, those in which they stand in, those of the agents whose
    absences they manage. One statement."""
    own = Q(account=account) | Q(stand_in=account) | Q(account__in=managed_by(account).values("pk"))
    found = Absence.objects.filter(own, last__gte=today, account__authority=account.authority_id)
    return list(found.select_related("account", "stand_in").order_by("first", "pk").distinct())


def managed_by(account: Account) -> QuerySet[Account]:
    """The other agents for whom this one may say that they are away: those of the teams where they hold
    `absences.manage`."""
    teams = teams_of(account, "absences.manage").values("pk")
    return _active(account).filter(memberships__team__in=teams).exclude(pk=account.pk).distinct()


def able(account: Account, right: Right = "cases.treat") -> QuerySet[Account]:
    """The agents who hold this right in a team where this one does, or in all of them."""
    near = Q(memberships__team__in=teams_of(account, right).values("pk")) | Q(memberships__team__isnull=True)
    return _active(account).filter(near, memberships__role__in=roles_with(right)).distinct()


def _active(account: Account) -> QuerySet[Any]:
    found = Account.objects.filter(authority=account.authority_id, is_active=True)
    return found.order_by("family_name", "given_name", "pk")
