"""What waits for an agent, in groups; and how many are in each, counted no further than is worth reading."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Count, F, Func, Q, QuerySet, Value

from etoile.gru.cases.lists.scope import Scope
from etoile.gru.cases.models import Case, Handoff, Message
from etoile.gru.cases.states import FINAL, OPEN, Substate
from etoile.gru.notices.models import Bounce

# Days before the legal date, or the one promised, from which a case presses.
SOON = 10
FOR_PERSON = frozenset({Substate.DOCUMENTS_ASKED, Substate.PAYMENT_DUE})
TROUBLED = frozenset({Handoff.State.REJECTED, Handoff.State.DEAD, Handoff.State.HELD})


class Group(StrEnum):
    """Those of `WAITING` are what an agent's day is made of; the others are whole lists."""

    TO_TAKE = "to_take"
    MINE = "mine"
    PRESSING = "pressing"
    UNREAD = "unread"
    PERSON = "person"
    HANDOFFS = "handoffs"
    RETURNED = "returned"
    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


WAITING = (Group.TO_TAKE, Group.MINE, Group.PRESSING, Group.UNREAD, Group.PERSON, Group.HANDOFFS, Group.RETURNED)
# Their cases are all open: they may be sorted by the day on which an answer is due.
STILL_OPEN = frozenset({Group.TO_TAKE, Group.MINE, Group.PRESSING, Group.PERSON, Group.OPEN})


def cases_of(group: Group, scope: Scope, today: date) -> QuerySet[Case]:
    """The cases of a group that the account of `scope` may see. `today` is the authority's day."""
    return scope.cases().filter(_where(group, scope, today, _one_of))


def counts(groups: Iterable[Group], scope: Scope, today: date, *, most: int) -> dict[Group, int]:
    """How many cases each group has, `most` meaning « that many or more ». One statement, whatever the volume."""
    asked = list(groups)
    marked = [
        scope.cases()
        .filter(_where(group, scope, today, _each_of))
        .order_by()
        .annotate(group=Value(group.value))
        .values_list("group")[:most]
        for group in asked
    ]
    rows = Counter(name for (name,) in marked[0].union(*marked[1:], all=True))
    return {group: rows[group.value] for group in asked}


def due_by_day(scope: Scope, first: date, last: date) -> dict[date, int]:
    """How many open cases are due on each day from `first` to `last`; a day without any is left out. One statement."""
    due = scope.cases().filter(state__in=sorted(OPEN), due_on__range=(first, last)).order_by()
    return dict(due.values("due_on").annotate(n=Count("pk")).values_list("due_on", "n"))


class _OneOf(Func):
    template, arg_joiner, output_field = "%(expressions)s)", " = ANY (", BooleanField()


def _one_of(rows: QuerySet[Any]) -> Q:
    return Q(pk__in=rows.order_by().values("case_id"))


def _each_of(rows: QuerySet[Any]) -> Q:
    """The same cases, one by one by their key: a count stops at its bound, and what is rare must not be looked for by
    walking all the cases from the oldest on, which PostgreSQL thinks shorter."""
    return Q(_OneOf(F("pk"), ArraySubquery(rows.order_by().values("case_id").distinct())))


def _where(group: Group, scope: Scope, today: date, holding: Callable[[QuerySet[Any]], Q]) -> Q:
    """`holding` says which cases have one of these rows."""
    still = Q(state__in=sorted(OPEN))
    match group:
        case Group.TO_TAKE:
            return still & Q(assignee=None)
        case Group.MINE:
            return still & Q(assignee__in=scope.followers)
        case Group.PRESSING:
            return still & Q(due_on__lte=today + timedelta(days=SOON))
        case Group.UNREAD:
            return holding(Message.objects.filter(read_at=None, author=Message.Author.PERSON))
        case Group.PERSON:
            return still & Q(substate__in=sorted(FOR_PERSON))
        case Group.HANDOFFS:
            return holding(Handoff.objects.filter(state__in=sorted(TROUBLED)))
        case Group.RETURNED:
            return holding(Bounce.objects.filter(handled_at=None))
        case Group.OPEN:
            return still
        case Group.ENDED:
            return Q(state__in=sorted(FINAL))
        case Group.ALL:
            return Q()
