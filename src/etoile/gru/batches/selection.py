"""Which cases a work is about: a list as its address says it (`onglet=a-traiter&service=…`), read by the room above."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from etoile.gru.access.models import Account
from etoile.gru.access.rights import Right
from etoile.gru.cases.lists import groups, pages
from etoile.gru.cases.lists.criteria import Criteria
from etoile.gru.cases.lists.groups import Group
from etoile.gru.cases.lists.pages import Sort
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case


@dataclass(frozen=True, slots=True)
class Selection:
    """A group of cases, what is asked of them, and their order."""

    group: Group = Group.ALL
    criteria: Criteria = field(default_factory=Criteria)
    sort: Sort = Sort.RECENT

    def cases(self, account: Account, right: Right) -> QuerySet[Case]:
        """The cases on which this account holds the right now, in order. One statement to know its teams."""
        zone = ZoneInfo(account.authority.timezone if account.authority else "Europe/Paris")
        scope = scope_of(account, right)
        found = groups.cases_of(self.group, scope, datetime.now(zone).date())
        return self.criteria.narrow(found, me=scope.followers, zone=zone).order_by(*pages.ORDERS[self.sort])


Reader = Callable[[Account, str], Selection]
_readers: list[Reader] = []


def register(reader: Reader) -> None:
    """Said once, by the room that writes these addresses."""
    _readers[:] = [reader]


def of(account: Account, query: str) -> Selection:
    """What the address asks, when this account is the one who opens it."""
    return _readers[0](account, query)
