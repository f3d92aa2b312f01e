"""Working time: Monday to Friday outside the public holidays of France, eight to eighteen by the hub's clock.

A silence at night or over a week-end says nothing of an application that people use; seconds counted here do.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from django.utils import timezone

OPENS, CLOSES = time(8), time(18)
DAY = (CLOSES.hour - OPENS.hour) * 3600.0


def between(start: datetime, end: datetime) -> float:
    """Seconds of working time from `start` to `end`, both aware; 0 when the end is before the start."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    if last <= first:
        return 0.0
    if first.date() == last.date():
        return _elapsed(last) - _elapsed(first)
    whole = _days_before(last.date()) - _days_before(first.date() + timedelta(days=1))
    return _whole(first.date()) - _elapsed(first) + whole * DAY + _elapsed(last)


def before(end: datetime, seconds: float) -> datetime:
    """The latest moment from which `seconds` of working time lead to `end`."""
    local = timezone.localtime(end)
    day, left, available = local.date(), seconds, _elapsed(local)
    while available < left:
        left -= available
        day -= timedelta(days=1)
        available = _whole(day)
    opening = datetime.combine(day, OPENS, tzinfo=local.tzinfo)
    return min(opening + timedelta(seconds=available - left), end)


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


def _whole(day: date) -> float:
    return DAY if works(day) else 0.0


def _elapsed(local: datetime) -> float:
    """Seconds worked that day up to that moment."""
    if not works(local.date()):
        return 0.0
    clock = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
    return min(max(clock - OPENS.hour * 3600, 0.0), DAY)


def _days_before(day: date) -> int:
    """How many working days there were before `day`, since the first one of its calendar here."""
    return sum(_in_year(year) for year in range(2000, day.year)) + _before_in_year(day)


@lru_cache(maxsize=200)
def _in_year(year: int) -> int:
    return _before_in_year(date(year, 12, 31)) + works(date(year, 12, 31))


@lru_cache(maxsize=4000)
def _before_in_year(day: date) -> int:
    first = date(day.year, 1, 1)
    return sum(works(first + timedelta(days=each)) for each in range((day - first).days))


@lru_cache(maxsize=200)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))
