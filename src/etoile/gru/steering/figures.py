"""Reading the figures of what an account may see. Four statements, whatever the number of cases."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum

from etoile.gru.access.models import Account
from etoile.gru.cases.lists.scope import Scope
from etoile.gru.steering import counting
from etoile.gru.steering.models import Counted, Month, Work

# Months shown, this one included.
SHOWN = 13


@dataclass(frozen=True, slots=True)
class Standing:
    """Open cases, as `models.Work` says; they add up."""

    open: int = 0
    to_take: int = 0
    waiting: int = 0
    late: int = 0
    soon: int = 0
    week: int = 0
    month: int = 0
    quarter: int = 0
    older: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """What came and went, as `models.Month` says; they add up."""

    received: int = 0
    ended: int = 0
    days: int = 0
    legal: int = 0
    legal_kept: int = 0
    silent: int = 0
    promised: int = 0
    promised_kept: int = 0

    @property
    def mean_days(self) -> int | None:
        return round(self.days / self.ended) if self.ended else None

    @property
    def legal_share(self) -> int | None:
        """Percent ended before silence decided, of those it would have decided."""
        return _percent(self.legal_kept, self.legal)

    @property
    def promised_share(self) -> int | None:
        return _percent(self.promised_kept, self.promised)


@dataclass(frozen=True, slots=True)
class Figures:
    """`by_…`: open cases and what the last months saw, by primary key (or channel); `months`: oldest first."""

    at: datetime
    work: Standing
    by_procedure: dict[int, tuple[Standing, Flow]]
    by_channel: dict[str, tuple[Standing, Flow]]
    by_team: dict[int | None, tuple[Standing, Flow]]
    months: dict[date, Flow]


def of(account: Account, scope: Scope, *, today: date, team: int | None = None) -> Figures:
    """What the cases of the scope came to at the last count; counted here the first time there is none.

    `team`: only its own. `today` is the authority's day."""
    at = Counted.objects.filter(authority=scope.authority).values_list("at", flat=True).first()
    if at is None:
        at = counting.count(account.authority)
    first = counting.months_before(today, SHOWN - 1)
    work = list(_cells(Work.objects.all(), scope, team, Standing))
    months = list(_cells(Month.objects.filter(first__gte=first), scope, team, Flow))
    flows = _months(scope, team, first)
    return Figures(
        at=at,
        work=_added(Standing, [cell for _place, cell in work]),
        by_procedure=_by("procedure", work, months),
        by_channel=_by("channel", work, months),
        by_team=_by("team", work, months),
        months={each["first"]: _read(Flow, each) for each in flows},
    )


def busiest(scope: Scope, *, most: int) -> list[int]:
    """The procedures with the most open cases of the scope at the last count, by primary key. One statement."""
    rows = Work.objects.filter(_within(scope, None)).order_by().values("procedure").annotate(n=Sum("open"))
    return list(rows.filter(n__gt=0).order_by("-n", "procedure").values_list("procedure", flat=True)[:most])


_PLACE = ("procedure", "channel", "team")
Cell = tuple[dict[str, Any], Any]


def _cells(found: QuerySet[Any], scope: Scope, team: int | None, kind: type) -> Sequence[Cell]:
    rows = found.filter(_within(scope, team)).values(*_PLACE).order_by().annotate(**_sums(kind))
    return [(row, _read(kind, row)) for row in rows]


def _months(scope: Scope, team: int | None, first: date) -> QuerySet[Any]:
    found = Month.objects.filter(_within(scope, team), first__gte=first)
    return found.values("first").order_by("first").annotate(**_sums(Flow))


def _within(scope: Scope, team: int | None) -> Q:
    return scope.within() & (Q(team=team) if team is not None else Q())


def _sums(kind: type) -> dict[str, Sum]:
    return {f"{each.name}_sum": Sum(each.name) for each in fields(kind)}


def _read(kind: type, row: dict[str, Any]) -> Any:
    return kind(**{each.name: int(row[f"{each.name}_sum"]) for each in fields(kind)})


def _by(name: str, work: Sequence[Cell], months: Sequence[Cell]) -> dict[Any, tuple[Standing, Flow]]:
    keys = {place[name] for place, _cell in (*work, *months)}
    return {
        key: (
            _added(Standing, [cell for place, cell in work if place[name] == key]),
            _added(Flow, [cell for place, cell in months if place[name] == key]),
        )
        for key in keys
    }


def _added(kind: type, cells: Sequence[Any]) -> Any:
    return kind(**{each.name: sum(getattr(cell, each.name) for cell in cells) for each in fields(kind)})


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
