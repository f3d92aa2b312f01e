"""What an agent asks of a list, as data: each criterion alone, then all of them together, or any of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import reduce
from operator import and_, or_
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from etoile.gru.cases import references
from etoile.gru.cases.lists.groups import SOON
from etoile.gru.cases.models import Case, CaseWords
from etoile.gru.cases.search.words import asked


class Follower(StrEnum):
    ME = "me"
    NOBODY = "nobody"


class Due(StrEnum):
    LATE = "late"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Criteria:
    """Several values of one criterion: any of them. `words` are looked for among what the others find, always.

    `teams` and `procedures` are primary keys. The days are local to `zone`, all included.
    """

    words: str = ""
    teams: tuple[int, ...] = ()
    procedures: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    substates: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    follower: Follower | None = None
    due: Due | None = None
    due_on: date | None = None
    received_from: date | None = None
    received_to: date | None = None
    ended_from: date | None = None
    ended_to: date | None = None
    # What a room above knows of cases: one criterion each.
    beside: tuple[Q, ...] = ()
    any_of: bool = False

    def narrow(self, found: QuerySet[Case], *, me: Collection[int | None], zone: ZoneInfo) -> QuerySet[Case]:
        """The cases of `found` that answer; never one more than it had. `me`: whoever asks, and those they stand in
        for (`Scope.followers`)."""
        asked = self._asked(me, zone)
        if asked:
            join: Callable[[Q, Q], Q] = or_ if self.any_of else and_
            found = found.filter(reduce(join, asked))
        if self.words:
            found = _named(found, self.words)
        return found

    def _asked(self, me: Collection[int | None], zone: ZoneInfo) -> list[Q]:
        several = {
            "team__in": self.teams,
            "procedure_version__procedure__in": self.procedures,
            "state__in": self.states,
            "substate__in": self.substates,
            "channel__in": self.channels,
        }
        asked = [Q(**{name: values}) for name, values in several.items() if values]
        if self.follower is not None:
            asked.append(Q(assignee__in=me) if self.follower is Follower.ME else Q(assignee=None))
        if self.due is not None:
            today = datetime.now(zone).date()
            asked.append(
                Q(due_on__lt=today)
                if self.due is Due.LATE
                else Q(due_on__gte=today, due_on__lte=today + timedelta(days=SOON))
            )
        if self.due_on is not None:
            asked.append(Q(due_on=self.due_on))
        asked += _between("submitted_at", self.received_from, self.received_to, zone)
        asked += _between("decided_at", self.ended_from, self.ended_to, zone)
        return [*asked, *self.beside]


def _named(found: QuerySet[Case], words: str) -> QuerySet[Case]:
    """A whole reference is that case; other words are each the beginning of one of the case's."""
    if references.is_well_formed(words):
        return found.filter(reference=references.normalise(words))
    wanted = asked(words)
    # Asked of each case rather than as a list: when nearly all have the word, PostgreSQL stops at the first page.
    return (
        found.filter(Exists(CaseWords.objects.filter(case=OuterRef("pk"), words__holds=wanted)))
        if wanted
        else found.none()
    )


def _between(name: str, first: date | None, last: date | None, zone: ZoneInfo) -> list[Q]:
    """From the beginning of the first day to the end of the last: one criterion, none when neither is given."""
    bounds = {}
    if first is not None:
        bounds[f"{name}__gte"] = _midnight(first, zone)
    if last is not None:
        bounds[f"{name}__lt"] = _midnight(last + timedelta(days=1), zone)
    return [Q(**bounds)] if bounds else []


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
