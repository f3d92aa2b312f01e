"""What an account may see. An agent sees the cases of their teams' sectors, and nothing else (domain: people are
sealed by sector)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, QuerySet, When

from etoile.gru.access.models import Account, Authority, Role, Sector, Team


def teams_of(account: Account | AnonymousUser) -> QuerySet[Team]:
    """Teams of an active account, in its own authority only: a membership left elsewhere opens nothing."""
    if not account.is_authenticated or not account.is_active:
        return Team.objects.none()
    return Team.objects.filter(memberships__account_id=account.pk, authority_id=account.authority_id)


def sectors_of(account: Account | AnonymousUser) -> QuerySet[Sector]:
    return Sector.objects.filter(teams__in=teams_of(account)).distinct()


def has_role(account: Account | AnonymousUser, *roles: Role) -> bool:
    return teams_of(account).filter(memberships__account_id=account.pk, memberships__role__in=roles).exists()


def authority_for_host(host: str) -> Authority | None:
    """The authority served under this host name, or the only one there is. One statement."""
    named_first = Case(When(host__iexact=host, then=0), default=1)
    found = list(Authority.objects.order_by(named_first, "pk")[:2])
    if found and host and found[0].host.lower() == host.lower():
        return found[0]
    return found[0] if len(found) == 1 else None
