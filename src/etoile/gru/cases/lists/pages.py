"""Pages of a list of cases by key: no offset, no count, stable while cases arrive."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from django.db.models import F, Q, QuerySet

from etoile.gru.cases.models import Case

Position = tuple[str, uuid.UUID]


class Sort(StrEnum):
    RECENT = "recent"
    OLDEST = "oldest"
    # By the day on which an answer is due, those without one last. For open cases: an index holds them alone.
    DUE = "due"


ORDERS = {
    Sort.RECENT: ("-submitted_at", "-id"),
    Sort.OLDEST: ("submitted_at", "id"),
    Sort.DUE: (F("due_on").asc(nulls_last=True), "id"),
}


def page(found: QuerySet[Case], *, after: Position | None, limit: int, sort: Sort = Sort.RECENT) -> QuerySet[Case]:
    """One page; `after` is `position_of` the last case of the page before, under the same sort."""
    if after is not None:
        found = found.filter(_beyond(sort, *after))
    return found.order_by(*ORDERS[sort])[:limit]


def position_of(case: Case, sort: Sort = Sort.RECENT) -> Position:
    """Where a page ends: give it back as `after`."""
    if sort is Sort.DUE:
        return case.due_on.isoformat() if case.due_on else "", case.id
    return case.submitted_at.isoformat(), case.id


def written(position: Position) -> str:
    """A position as an address carries it."""
    return f"{position[0]}_{position[1]}"


def read(text: str, sort: Sort) -> Position | None:
    """A position as `written` put it into an address; None for a broken one, or that of another sort."""
    at, _separator, identifier = text.rpartition("_")
    try:
        if sort is Sort.DUE:
            return date.fromisoformat(at).isoformat() if at else "", uuid.UUID(identifier)
        return datetime.fromisoformat(at).isoformat(), uuid.UUID(identifier)
    except ValueError:
        return None


def _beyond(sort: Sort, at: str, identifier: uuid.UUID) -> Q:
    # The first bound repeats what the second says: it is the one an index can start from.
    match sort:
        case Sort.RECENT:
            return Q(submitted_at__lte=at) & (Q(submitted_at__lt=at) | Q(id__lt=identifier))
        case Sort.OLDEST:
            return Q(submitted_at__gte=at) & (Q(submitted_at__gt=at) | Q(id__gt=identifier))
        case Sort.DUE if not at:
            return Q(due_on=None, id__gt=identifier)
        case Sort.DUE:
            return Q(due_on=None) | Q(due_on__gte=at) & (Q(due_on__gt=at) | Q(id__gt=identifier))
