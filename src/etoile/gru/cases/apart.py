"""Cases that agents do not work with: no list, no search, no page of theirs shows them any more.

Which they are is said by the rooms that know (`archive` sets apart, `rights` freezes): this one, below, only asks.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from etoile.gru.cases.models import Case

# A condition on cases, true of those set apart.
Condition = Callable[[], Q]


@dataclass(frozen=True, slots=True)
class _Rule:
    condition: Condition
    from_person: bool
    from_archives: bool
    events_wait: bool


_rules: dict[str, _Rule] = {}


def register(
    name: str, condition: Condition, *, from_person: bool, from_archives: bool, events_wait: bool = False
) -> None:
    """Replaces the former one of this name. `from_person`: their person does not see them any more either;
    `from_archives`: nor does whoever keeps the archives; `events_wait`: what applications say of them is kept until
    they come back."""
    _rules[name] = _Rule(condition, from_person, from_archives, events_wait)


def in_use(found: QuerySet[Case]) -> QuerySet[Case]:
    """For agents and programs."""
    return _without(found, list(_rules.values()))


def in_reach(found: QuerySet[Case]) -> QuerySet[Case]:
    """For their person."""
    return _without(found, [rule for rule in _rules.values() if rule.from_person])


def in_archives(found: QuerySet[Case]) -> QuerySet[Case]:
    """For whoever keeps the archives."""
    return _without(found, [rule for rule in _rules.values() if rule.from_archives])


def events_wait(case_id: uuid.UUID) -> bool:
    """Whether what an application says of this case is to be kept for later. The case stays locked until the end of the
    transaction: it neither goes nor comes back meanwhile. Two statements."""
    list(Case.objects.select_for_update().filter(pk=case_id).values_list("pk"))
    waiting = Q(pk__in=[])
    for rule in _rules.values():
        if rule.events_wait:
            waiting |= rule.condition()
    return Case.objects.filter(waiting, pk=case_id).exists()


def _without(found: QuerySet[Case], rules: list[_Rule]) -> QuerySet[Case]:
    for rule in rules:
        found = found.filter(~rule.condition())
    return found
