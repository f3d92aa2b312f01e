"""What the frame of the back-office says of the person signed in: who they are, and what waits for them."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext_lazy as _

from etoile.gru.access.models import Account, Authority, Product, Role
from etoile.gru.access.queries import roles_of
from etoile.gru.access.statements import standing_of
from etoile.gru.backoffice import anomalies
from etoile.gru.cases.queries import open_count

register = template.Library()

# Past it, a navigation says « 99+ »: the list itself is the place to count.
MOST = 99
ROLES = {Role.ADMIN: _("administration"), Role.MANAGER: _("responsable"), Role.AGENT: _("agent")}


@dataclass(frozen=True, slots=True)
class Desk:
    """`role` in a word; `waiting`: how many open cases the person may treat, nothing when none; `anomalies` is None for
    whoever may not see them."""

    role: str
    waiting: str
    anomalies: int | None
    supervises: bool
    administers: bool
    # For an administrator: how many accessibility statements are near their last day, or past it.
    expiring: int = 0


@register.simple_tag(takes_context=True)
def desk(context: template.Context) -> Desk | None:
    """None for whoever is not signed in. Read once a page, however often it is shown."""
    request = context["request"]
    if not request.user.is_authenticated:
        return None
    if not hasattr(request, "desk"):
        request.desk = _desk_of(request.user, getattr(request, "authority", None))
    return request.desk  # type: ignore[no-any-return]


def _desk_of(account: Account, authority: Authority | None) -> Desk:
    roles = roles_of(account)
    role = next((str(words) for role, words in ROLES.items() if role in roles), "")
    waiting = open_count(account, most=MOST + 1)
    supervises = bool(roles & {Role.MANAGER, Role.ADMIN})
    return Desk(
        role=role,
        waiting=f"{MOST}+" if waiting > MOST else str(waiting or ""),
        anomalies=anomalies.count(account.authority) if supervises else None,
        supervises=supervises,
        administers=Role.ADMIN in roles,
        expiring=sum(standing_of(authority, each).warned for each in Product) if Role.ADMIN in roles else 0,
    )
