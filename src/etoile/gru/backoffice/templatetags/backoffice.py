"""What the frame of the back-office says of the person signed in: who they are, and what waits for them."""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest

from etoile.design.parts import Cell
from etoile.gru.access.models import Account, Authority, Product, Role
from etoile.gru.access.queries import roles_of
from etoile.gru.access.rights import ADMINISTERING, Right, rights_in
from etoile.gru.access.statements import standing_of
from etoile.gru.access.watching import Watch
from etoile.gru.backoffice import anomalies
from etoile.gru.backoffice.door.watch import watch
from etoile.gru.backoffice.reading import state_cell
from etoile.gru.cases.models import Case
from etoile.gru.cases.queries import open_count

register = template.Library()

# Past it, a navigation says « 99+ »: the list itself is the place to count.
MOST = 99
# The one shown beside a name, of those the person holds.
SHOWN_FIRST = (
    Role.ADMINISTRATOR, Role.MANAGER, Role.PUBLISHER, Role.DESIGNER, Role.DPO, Role.SIGNATORY, Role.INSTRUCTOR,
    Role.READER, Role.ARCHIVIST,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """`role` in a word; `waiting`: how many open cases the person may treat, nothing when none; `anomalies` is None for
    whoever may not see them."""

    role: str
    waiting: str
    anomalies: int | None
    rights: frozenset[Right]
    # For whoever publishes them: how many accessibility statements are near their last day, or past it.
    expiring: int = 0

    @property
    def may(self) -> dict[str, bool]:
        """What the person may do, as a template asks it: `may.texts_edit`."""
        return {right.replace(".", "_"): True for right in self.rights}

    @property
    def administers(self) -> bool:
        return not self.rights.isdisjoint(ADMINISTERING)


@register.simple_tag(takes_context=True)
def desk(context: template.Context) -> Desk | None:
    """None for whoever is not signed in."""
    request = context["request"]
    return desk_of(request) if request.user.is_authenticated else None


@register.inclusion_tag("access/_watch.html", takes_context=True)
def session_watch(context: template.Context) -> dict[str, Watch | None]:
    """What a page of an agent knows of its session."""
    return {"watch": watch(context["request"])}


def desk_of(request: HttpRequest) -> Desk:
    """Of the agent signed in. Read once a page, however often it is shown."""
    if not hasattr(request, "desk"):
        request.desk = _read(request.user, getattr(request, "authority", None))  # type: ignore[arg-type, attr-defined]
    return request.desk  # type: ignore[attr-defined, no-any-return]


@register.simple_tag
def state_of(case: Case) -> Cell:
    """The state of a case in words, with its tone."""
    return state_cell(case)


def _read(account: Account, authority: Authority | None) -> Desk:
    roles = roles_of(account)
    rights = rights_in(roles)
    waiting = open_count(account, most=MOST + 1)
    return Desk(
        role=next((str(role.label) for role in SHOWN_FIRST if role in roles), ""),
        waiting=f"{MOST}+" if waiting > MOST else str(waiting or ""),
        anomalies=anomalies.count(account) if "anomalies.handle" in rights else None,
        rights=frozenset(rights),
        expiring=sum(standing_of(authority, each).warned for each in Product) if "statements.publish" in rights else 0,
    )
