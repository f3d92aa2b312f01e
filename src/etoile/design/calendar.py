"""A month as weeks of days; those that can be chosen have an address."""

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

MONDAY = 0


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `href`: where choosing it leads; empty when it cannot be chosen. `is_full`: asked for, nothing left."""

    on: date
    href: str = ""
    is_full: bool = False
    is_today: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """`weeks` of seven days, None outside the month; `weekdays` are numbers from Monday, 0."""

    first: date
    weekdays: Sequence[int]
    weeks: Sequence[Sequence[Day | None]]
    previous_href: str = ""
    next_href: str = ""


def month(
    first: date,
    *,
    free: Mapping[date, str],
    full: Collection[date] = (),
    today: date | None = None,
    chosen: date | None = None,
    first_weekday: int = MONDAY,
    previous_href: str = "",
    next_href: str = "",
) -> Month:
    """The month of `first`; `free` gives an address to each day that can be chosen."""
    layout = calendar.Calendar(first_weekday)

    def day(on: date) -> Day | None:
        if on.month != first.month:
            return None
        return Day(on, free.get(on, ""), on in full, on == today, on == chosen)

    weeks = [[day(on) for on in week] for week in layout.monthdatescalendar(first.year, first.month)]
    return Month(first.replace(day=1), list(layout.iterweekdays()), weeks, previous_href, next_href)
