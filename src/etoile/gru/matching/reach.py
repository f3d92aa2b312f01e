"""Whom an agent may bring together: persons whom no sector knows but those they hold `people.merge` in.

A merge moves cases of every sector that knows either person: one that the agent does not hold is not theirs to touch.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Sector
from etoile.gru.access.queries import sectors_of
from etoile.gru.access.rights import Right
from etoile.gru.matching.errors import NotWithinReach
from etoile.gru.matching.models import Suspicion
from etoile.gru.people import scope
from etoile.gru.people.models import Presence

RIGHT: Right = "people.merge"


@contextmanager
def task(account: Account, author: str = "") -> Iterator[None]:
    """All the persons of the agent's authority: what may be shown or moved among them is said here (`within`), and a
    sector the agent does not hold must be seen to be refused."""
    with scope.of_task("merge", authority=account.authority_id, author=author or f"agent/{account.pk}"):
        yield


def sectors(account: Account) -> QuerySet[Sector]:
    return sectors_of(account, RIGHT)


def within(account: Account, *fields: str) -> Q:
    """Rows whose persons, named by these fields, are all known to the agent's sectors and to no other. Under `task`."""
    mine, wanted = sectors(account), Q()
    for field in fields:
        known = Presence.objects.filter(person=OuterRef(field))
        wanted &= Q(Exists(known)) & ~Q(Exists(known.exclude(sector__in=mine)))
    return wanted


def require(account: Account, *persons: uuid.UUID) -> None:
    """Raises `NotWithinReach` unless all are within reach, in the words for those who do not exist. Under `task`."""
    mine = set(sectors(account).values_list("pk", flat=True))
    known: dict[uuid.UUID, set[int]] = {each: set() for each in persons}
    for person, sector in Presence.objects.filter(person__in=persons).values_list("person", "sector"):
        known[person].add(sector)
    if not all(found and found <= mine for found in known.values()):
        raise NotWithinReach(_("L’une de ces personnes n’existe plus. Revenez à la liste."))


def suspicions(account: Account) -> QuerySet[Suspicion]:
    """Those the agent may decide, the most likely first. Under `task`."""
    found = Suspicion.objects.filter(within(account, "first", "second"), authority=account.authority_id)
    return found.select_related("locked_by", "flagged_by").order_by(F("points").desc(), "pk")
