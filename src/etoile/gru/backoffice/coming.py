"""The list an agent came from: they go through it as they saw it, even while its cases leave it one by one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from etoile.gru.cases.models import Case

KEY = "list"


@dataclass(frozen=True, slots=True)
class Neighbour:
    reference: str
    href: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in that list; `list_href` shows it again, `further` its next page after the last case."""

    list_href: str
    number: int = 0
    total: int = 0
    previous: Neighbour | None = None
    following: Neighbour | None = None
    further: str = ""


def remember(request: HttpRequest, cases: Sequence[Case], further: str) -> None:
    """Kept in the session, written only when it is another list: one statement, none when it is read again."""
    seen = [[case.pk.hex, case.reference] for case in cases]
    kept = {"query": request.GET.urlencode(), "cases": seen, "further": further}
    if request.session.get(KEY) != kept:
        request.session[KEY] = kept


def place_of(request: HttpRequest, pk: uuid.UUID) -> Place:
    """No statement: the session is there already."""
    kept = request.session.get(KEY) or {}
    here = reverse("backoffice:inbox")
    seen = kept.get("cases", [])
    at = next((number for number, (identifier, _reference) in enumerate(seen) if identifier == pk.hex), None)
    if at is None:
        return Place(here)
    last = at + 1 == len(seen)
    return Place(
        list_href=f"{here}?{kept['query']}" if kept["query"] else here,
        number=at + 1,
        total=len(seen),
        previous=_neighbour(seen[at - 1]) if at else None,
        following=None if last else _neighbour(seen[at + 1]),
        further=f"{here}{kept['further']}" if last and kept["further"] else "",
    )


def _neighbour(seen: Sequence[str]) -> Neighbour:
    return Neighbour(seen[1], reverse("backoffice:case", args=[uuid.UUID(seen[0])]))
