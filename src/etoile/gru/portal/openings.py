"""The hours of a place in words: « Ouvert jusqu'à 17 h », and its week as people say it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.access.models import Authority
from etoile.gru.content.definition import Hours, Place, Slot
from etoile.gru.content.hours import Opening, on, opening

_SOON = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Now:
    """A place as it is at this minute. `tone` and `words` are those of a badge; no words where it gave no hours."""

    place: Place
    words: str = ""
    tone: str = "neutral"
    icon: str = "clock"


@dataclass(frozen=True, slots=True)
class Line:
    """Days with the same hours: « Lundi – vendredi », « 8 h 30 – 12 h et 13 h 30 – 17 h »."""

    days: str
    hours: str


def now_in(authority: Authority) -> datetime:
    return timezone.now().astimezone(authority.zone)


def places_now(places: Iterable[Place], authority: Authority) -> list[Now]:
    now = now_in(authority)
    return [_now(each, now, authority.insee) for each in places]


def week(hours: Hours) -> list[Line]:
    """The usual week, neighbours with the same hours together; closed days last only if they are in the middle."""
    lines: list[Line] = []
    start = 0
    for day in range(1, 8):
        if day == 7 or hours.week[day] != hours.week[start]:
            lines.append(Line(_days(start, day - 1), slots_words(hours.week[start])))
            start = day
    return lines


def changes(hours: Hours, authority: Authority, ahead: int = 30) -> list[Line]:
    """The coming days that are not as usual: exceptional ones, and public holidays when the place then closes."""
    today, lines = now_in(authority).date(), []
    for number in range(ahead):
        day = today + timedelta(days=number)
        slots, reason = on(hours, day, insee=authority.insee)
        if slots != hours.week[day.weekday()]:
            why = f" ({reason})" if reason else ""
            lines.append(Line(spelled(day, "l j F"), slots_words(slots) + why))
    return lines


def slots_words(slots: Iterable[Slot]) -> str:
    said = [f"{clock(slot.start)}\u00a0–\u00a0{clock(slot.end)}" for slot in slots]
    return _(" et ").join(said) if said else _("Fermé")


def clock(at: time) -> str:
    """« 17 h », « 8 h 30 », never cut at the end of a line."""
    named = {"hour": at.hour, "minute": f"{at.minute:02}"}
    said = _("%(hour)s h %(minute)s") % named if at.minute else _("%(hour)s h") % named
    return said.replace(" ", "\u00a0")


def _now(place: Place, now: datetime, insee: str) -> Now:
    if not place.hours:
        return Now(place)
    found = opening(place.hours, now, insee=insee)
    if found.is_open and found.until is not None:
        until = clock(found.until.time())
        if found.until - now <= _SOON:
            return Now(place, _("Ferme bientôt, à %(hour)s") % {"hour": until}, "warning")
        return Now(place, _("Ouvert jusqu’à %(hour)s") % {"hour": until}, "success")
    return Now(place, _closed(found, now))


def _closed(found: Opening, now: datetime) -> str:
    closed = _("Fermé aujourd’hui (%(reason)s)") % {"reason": found.reason} if found.reason else _("Fermé")
    if found.opens is None:
        return closed
    named = {"closed": closed, "when": _when(found.opens.date(), now.date()), "hour": clock(found.opens.time())}
    if found.opens.date() == now.date():
        return _("%(closed)s, ouvre à %(hour)s") % named
    return _("%(closed)s, ouvre %(when)s à %(hour)s") % named


def _when(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead == 1:
        return _("demain")
    return str(WEEKDAYS[day.weekday()]) if ahead < 7 else spelled(day, "l j F")


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s – %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
