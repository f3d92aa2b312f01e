"""What an account may see. An agent sees the cases of their teams' sectors, and nothing else (domain: people are
sealed by sector)."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from etoile.gru.access.models import Account, Authority, Declaration, Product, Sector, Team
from etoile.gru.access.rights import Right, held_by, roles_with


def teams_of(account: Account | AnonymousUser, right: Right = "cases.read") -> QuerySet[Team]:
    """Teams in which an active account holds this right: all of its authority's for a role held in the whole."""
    held = held_by(account).filter(role__in=roles_with(right))
    everywhere = Exists(held.filter(team__isnull=True))
    inside = Q(pk__in=held.filter(team__isnull=False).values("team"))
    return Team.objects.filter(inside | everywhere, authority_id=getattr(account, "authority_id", None))


def sectors_of(account: Account | AnonymousUser, right: Right = "cases.read") -> QuerySet[Sector]:
    return Sector.objects.filter(teams__in=teams_of(account, right)).distinct()


def roles_of(account: Account | AnonymousUser) -> set[str]:
    """Every role the account holds, in a team of its authority or in the whole."""
    return set(held_by(account).values_list("role", flat=True))


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
