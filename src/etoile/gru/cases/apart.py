"""Cases set apart from those agents work with: no list, no search, no page of theirs shows them any more.

Which they are is said by the room that sets them apart (`archive`): this one, below, only asks.
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from etoile.gru.cases.models import Case

# A condition on cases, true of those set apart.
Condition = Callable[[], Q]

_conditions: list[Condition] = []


def register(condition: Condition) -> None:
    """Replaces the former one."""
    _conditions[:] = [condition]


def in_use(found: QuerySet[Case]) -> QuerySet[Case]:
    for condition in _conditions:
        found = found.filter(~condition())
    return found
