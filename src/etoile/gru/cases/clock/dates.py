"""Lengths of time as the law counts them: in months, from day to day."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_ISO = re.compile(r"\AP(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?\Z")


@dataclass(frozen=True, slots=True)
class Length:
    """Months, then days. Falsy when nothing is counted."""

    months: int = 0
    days: int = 0

    def __bool__(self) -> bool:
        return bool(self.months or self.days)

    def after(self, day: date) -> date:
        return add_months(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        """The last day from which this length has run out on `day`: `after(d) <= day` is `d <= before(day)`."""
        ended = day - timedelta(days=self.days)
        start = add_months(ended, -self.months)
        # The months of a 31st end on a 30th: all the days that end there have run out too.
        is_last = (ended + timedelta(days=1)).month != ended.month
        return add_months(start.replace(day=1), 1) - timedelta(days=1) if is_last and self.months else start


def length(duration: str) -> Length:
    """From an ISO 8601 duration in whole years, months, weeks or days; an empty one when it cannot be read."""
    found = _ISO.match(duration)
    if found is None:
        return Length()
    parts = {name: int(value or 0) for name, value in found.groupdict().items()}
    return Length(parts["years"] * 12 + parts["months"], parts["weeks"] * 7 + parts["days"])


def add_months(day: date, months: int) -> date:
    """The same day of a later month; the last day of that month when there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
