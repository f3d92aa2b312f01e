"""When something happened, as people say it: « hier à 14 h 32 ». The full date stays beside it."""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# Within these days, the name of a day is enough: « mardi à 9 h 05 ».
WEEK = timedelta(days=6)
HOUR = "G\u00a0\\h\u00a0i"
CLOCK = re.compile(r", H:i(?!:)")
FIRST = re.compile(r"\b1 (?=[a-zéû])")


def said(at: datetime) -> str:
    """`at` (aware) in words, in the zone in force: the day by its nearness, then the hour."""
    local = timezone.localtime(at)
    words = {"day": day(local.date()), "hour": hour(local)}
    return _("%(day)s à %(hour)s") % words


def day(when: date) -> str:
    """« aujourd’hui », « hier », « demain », « mardi », « 3 mars », with the year only when it is another one."""
    today = timezone.localdate()
    near = {0: _("aujourd’hui"), -1: _("hier"), 1: _("demain")}.get((when - today).days)
    if near:
        return near
    if timedelta(0) < today - when <= WEEK:
        return date_format(when, "l")
    return spelled(when, "j F" if when.year == today.year else "j F Y")


def spelled(when: date, pattern: str = "j F Y") -> str:
    """A day in full letters, with its hour if `pattern` has one: « 1er mars 2027 à 14 h 32 ». The first of a month is
    an ordinal in French (Imprimerie nationale), which no pattern of Django can say."""
    if not (get_language() or "").startswith("fr"):
        return date_format(when, pattern)
    words = date_format(when, CLOCK.sub(lambda _found: f" \\à {HOUR}", pattern))
    return FIRST.sub("1er ", words, count=1) if when.day == 1 else words


def hour(local: datetime) -> str:
    """« 14 h 32 », and 14:32 in English."""
    return time_format(local, "H:i" if _is_english() else HOUR)


def full(at: datetime) -> str:
    """The whole of it, to the second: what a title shows, and what a proof needs."""
    return spelled(timezone.localtime(at), "l j F Y, H:i:s")


def written(at: datetime, words: str = "") -> SafeString:
    """A `<time>`: the words, the instant for machines, the full date for who points at it."""
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), full(at), words or said(at)
    )


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
