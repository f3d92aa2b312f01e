"""What an account may see. An agent sees the cases of their teams' sectors, and nothing else (domain: people are
sealed by sector)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from etoile.gru.access.models import Account, Authority, Declaration, Product, Role, Sector, Team


def teams_of(account: Account | AnonymousUser) -> QuerySet[Team]:
    """Teams of an active account, in its own authority only: a membership left elsewhere opens nothing."""
    if not account.is_authenticated or not account.is_active:
        return Team.objects.none()
    return Team.objects.filter(memberships__account_id=account.pk, authority_id=account.authority_id)


def sectors_of(account: Account | AnonymousUser) -> QuerySet[Sector]:
    return Sector.objects.filter(teams__in=teams_of(account)).distinct()


def has_role(account: Account | AnonymousUser, *roles: Role) -> bool:
    return teams_of(account).filter(memberships__account_id=account.pk, memberships__role__in=roles).exists()


def roles_of(account: Account | AnonymousUser) -> set[str]:
    """Every role the account holds in a team of its authority."""
    held = teams_of(account).filter(memberships__account_id=account.pk)
    return set(held.values_list("memberships__role", flat=True))


def in_force_of(product: str) -> Subquery:
    """What the footer needs of the statement in force of a product, beside its authority."""
    counts = JSONObject(conforming="conforming", failing="failing", last_day="last_day")
    declared = Declaration.objects.filter(authority=OuterRef("pk"), product=product).order_by("-pk")
    return Subquery(declared.values(counts=counts)[:1])


def authority_for_host(host: str) -> Authority | None:
    """The authority served under this host name, or the only one there is. One statement."""
    named_first = Case(When(host__iexact=host, then=0), default=1)
    in_force = {f"declared_{product}": in_force_of(product) for product in Product.values}
    found = list(Authority.objects.annotate(**in_force).order_by(named_first, "pk")[:2])
    if found and host and found[0].host.lower() == host.lower():
        return found[0]
    return found[0] if len(found) == 1 else None
