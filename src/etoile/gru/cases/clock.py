"""Date arithmetic of the silence of the administration (CRPA L231-1 and following).

The complete legal clock (suspensions, transfers, working days) comes later; this is the date printed on the receipt.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Silence:
    """What the silence means (`accept`, `reject` or `none`) and the local date when it does."""

    regime: str
    date: date | None


def add_months(day: date, months: int) -> date:
    """The same day of a later month; the last day of that month when there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def silence_of(regime: str, received_at: datetime, *, timezone: str, months: int = 0, days: int = 0) -> Silence:
    """When the silence kept on a request received then is worth a decision.

    `received_at` is aware; the date counts from the local day in `timezone` (IANA name), whatever the hour.
    """
    if regime not in {"accept", "reject"} or not (months or days):
        return Silence("none", None)
    day = received_at.astimezone(ZoneInfo(timezone)).date()
    return Silence(regime, add_months(day, months) + timedelta(days=days))
