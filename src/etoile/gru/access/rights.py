"""What each role may do: one table, asked by every guard, list and button.

A role is held in a team, or in the whole authority; an account holds as many as it needs. Two roles add up, neither
takes anything away.
"""

from collections.abc import Mapping
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from etoile.gru.access.models import Account, Membership, Role, Team

Right = Literal[
    "cases.read",
    "cases.treat",
    "cases.decide",
    "labels.edit",
    "cases.export",
    "absences.manage",
    "anomalies.handle",
    "ratings.moderate",
    "alert.edit",
    "texts.edit",
    "statements.publish",
    "accounts.manage",
    "authority.edit",
    "audit.read",
    "procedures.read",
    "procedures.edit",
    "procedures.publish",
    "register.read",
    "privacy.manage",
    "archives.read",
    "archives.manage",
    "contracts.manage",
    "people.certify",
    "people.figures",
    "people.merge",
]

_TREATING: tuple[Right, ...] = ("cases.read", "cases.treat", "cases.decide")

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.READER: frozenset({"cases.read"}),
    Role.INSTRUCTOR: frozenset({*_TREATING, "people.certify"}),
    Role.SIGNATORY: frozenset({"cases.read", "cases.decide"}),
    Role.MANAGER: frozenset(
        {
            *_TREATING,
            "people.certify",
            "people.figures",
            "cases.export",
            "labels.edit",
            "absences.manage",
            "anomalies.handle",
            "ratings.moderate",
            "alert.edit",
            "procedures.read",
            "people.merge",
        }
    ),
    Role.DESIGNER: frozenset({"procedures.read", "procedures.edit"}),
    Role.PUBLISHER: frozenset({"procedures.read", "procedures.publish"}),
    # Administering is not reading people's files: whoever does both holds both roles.
    Role.ADMINISTRATOR: frozenset(
        {
            "labels.edit",
            "absences.manage",
            "anomalies.handle",
            "alert.edit",
            "texts.edit",
            "statements.publish",
            "accounts.manage",
            "authority.edit",
            "audit.read",
            "procedures.read",
            "procedures.edit",
            "procedures.publish",
            "contracts.manage",
        }
    ),
    Role.DPO: frozenset(
        {"audit.read", "procedures.read", "register.read", "privacy.manage", "contracts.manage", "people.figures"}
    ),
    # Cases set apart are for whoever keeps the archives, and for nobody who treats cases.
    Role.ARCHIVIST: frozenset({"archives.read", "archives.manage"}),
}

# Held in the whole authority or not at all: accounts, the town itself and the audit log are nobody's team.
WHOLE_ONLY: frozenset[Role] = frozenset({Role.ADMINISTRATOR, Role.DPO})

# What opens the pages of administration: each opens its own, together they open the first one.
ADMINISTERING: frozenset[Right] = frozenset(
    {
        "alert.edit",
        "texts.edit",
        "statements.publish",
        "accounts.manage",
        "authority.edit",
        "audit.read",
        "labels.edit",
        "contracts.manage",
    }
)


def roles_with(right: Right) -> list[Role]:
    return [role for role, rights in RIGHTS.items() if right in rights]


def rights_in(roles: set[str]) -> set[Right]:
    """All that these roles allow together."""
    return {right for role in roles for right in RIGHTS[Role(role)]}


def held_by(account: Account | AnonymousUser) -> QuerySet[Membership]:
    """The roles of an active account, in its own authority only: one left elsewhere opens nothing, nor does one of
    `WHOLE_ONLY` in a team."""
    if not account.is_authenticated or not account.is_active:
        return Membership.objects.none()
    mine = Q(team__isnull=True) | Q(team__authority_id=account.authority_id) & ~Q(role__in=sorted(WHOLE_ONLY))
    return Membership.objects.filter(mine, account_id=account.pk)


def has_right(account: Account | AnonymousUser, right: Right, team: Team | None = None) -> bool:
    """For `team`: by a role held in it or in the whole authority. Without a team: by a role held anywhere, for what
    belongs to no team. One statement."""
    held = held_by(account).filter(role__in=roles_with(right))
    if team is not None:
        own = team.authority_id == getattr(account, "authority_id", None)
        held = held.filter(Q(team=team) | Q(team__isnull=True)) if own else held.none()
    return held.exists()
