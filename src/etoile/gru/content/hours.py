"""Is a place open now, until when, and when does it open again: the usual week, exceptional days, public holidays."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from etoile.gru.content.definition import Hours, Slot
from etoile.gru.forms.texts import NOTHING, Text

# A place closed for longer is told « fermé », without a date.
_LOOK_AHEAD = 60
# The first characters of an INSEE code whose public holidays are not those of the mainland.
_REGIONS = {"57": "57", "67": "6AE", "68": "6AE", **{code: code for code in ("971", "972", "973", "974", "976")}}
_REGIONS |= {"975": "PM", "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC"}


@dataclass(frozen=True, slots=True)
class Opening:
    """`until` when open, else `opens` if it is known, both aware; `reason` when today is not a usual day."""

    is_open: bool
    until: datetime | None = None
    opens: datetime | None = None
    reason: Text = NOTHING


def opening(hours: Hours, now: datetime, *, insee: str = "") -> Opening:
    """`now` is aware, in the time zone of the place."""
    slots, reason = on(hours, now.date(), insee=insee)
    at = now.time().replace(tzinfo=None)
    current = next((slot for slot in slots if slot.start <= at < slot.end), None)
    if current is not None:
        return Opening(True, until=_at(now, now.date(), current.end), reason=reason)
    return Opening(False, opens=_next(hours, now, insee), reason=reason)


def on(hours: Hours, day: date, *, insee: str = "") -> tuple[tuple[Slot, ...], Text]:
    """The slots of a day, and why they are not those of the usual week. An exceptional day wins over a holiday."""
    for each in hours.exceptions:
        if each.start <= day <= each.end:
            return each.slots, each.reason
    name = holiday(day, insee)
    if name and not hours.open_on_holidays:
        return (), name
    return hours.week[day.weekday()], NOTHING


def holiday(day: date, insee: str = "") -> Text:
    """The name of this public holiday where the commune of that INSEE code is; empty for an ordinary day."""
    region = next((_REGIONS[insee[:size]] for size in (3, 2) if insee[:size] in _REGIONS), "")
    return _holidays(day.year, region).get(day, NOTHING)


@lru_cache(maxsize=64)
def _holidays(year: int, region: str) -> dict[date, Text]:
    french = holidays.country_holidays("FR", subdiv=region or None, years=year, language="fr")
    english = holidays.country_holidays("FR", subdiv=region or None, years=year, language="en_US")
    return {day: Text(fr=name.replace("'", "’"), en=english.get(day, "")) for day, name in french.items()}


def _next(hours: Hours, now: datetime, insee: str) -> datetime | None:
    for ahead in range(_LOOK_AHEAD):
        day = now.date() + timedelta(days=ahead)
        for slot in on(hours, day, insee=insee)[0]:
            opens = _at(now, day, slot.start)
            if opens > now:
                return opens
    return None


def _at(now: datetime, day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=now.tzinfo)
