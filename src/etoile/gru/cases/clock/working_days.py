"""Working days (*jours ouvrés*): Monday to Friday, legal holidays of the place excluded.

Two receipts are due in working days (CRPA R112-11-1 to R112-11-4): the registration receipt within one, the
acknowledgement within ten. Holidays differ in Alsace-Moselle and overseas (code du travail, L3134-13 and L3422-2).
"""

from collections.abc import Container
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

REGISTRATION_DAYS = 1
ACKNOWLEDGEMENT_DAYS = 10
# Department or overseas prefix of an INSEE code -> the subdivision the library knows.
_PLACES = {
    "57": "57", "67": "6AE", "68": "6AE",
    "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM", "976": "976", "977": "BL", "978": "MF",
    "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


def place_of(insee: str) -> str:
    """The subdivision whose holidays hold in a commune, from its INSEE code; empty for the common calendar."""
    return _PLACES.get(insee[:3]) or _PLACES.get(insee[:2], "")


def is_working(day: date, place: str = "", closed: Container[date] = ()) -> bool:
    """`closed`: the days on which the authority itself does not work."""
    return day.weekday() < 5 and day not in _calendar(place) and day not in closed


def after(day: date, count: int, place: str = "", closed: Container[date] = ()) -> date:
    """The last day of a delay of `count` working days: the day it starts from does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working(day, place, closed)
    return day


def receipts_due(
    received_at: datetime, *, timezone: str, place: str = "", closed: Container[date] = ()
) -> tuple[date, date]:
    """Until when the registration receipt and the acknowledgement of what was received then (aware) must leave."""
    day = received_at.astimezone(ZoneInfo(timezone)).date()
    return after(day, REGISTRATION_DAYS, place, closed), after(day, ACKNOWLEDGEMENT_DAYS, place, closed)


@lru_cache(maxsize=32)
def _calendar(place: str) -> Container[date]:
    # Years are filled in as they are asked for.
    return holidays.country_holidays("FR", subdiv=place or None)
