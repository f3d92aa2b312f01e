"""The daily digest: what was accepted and delivered yesterday, what waits, who is silent, alarms, accounts.

It leaves also when all is well, in three lines: that nothing came would otherwise mean two things.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.hub.delivery import engine
from etoile.hub.reconciliation import services as reconciliation
from etoile.hub.registry import directory
from etoile.hub.registry.directory import Snapshot
from etoile.hub.watch import alarms, figures, notices, words
from etoile.hub.watch.models import AlarmKind

WAITING = ("pending", "leased", "retry_scheduled")
STUCK = ("rejected", "dead", "held")


@dataclass(frozen=True, slots=True)
class Line:
    """An application in the digest: yesterday's figures, and what waits now."""

    name: str
    published: int
    accepted: int
    delivered: int
    retried: int
    dead: int
    p95: str
    waiting: int
    stuck: int


def send(now: datetime) -> str:
    """Write the digest of the day before `now` for each recipient, once a day. Returns a few words."""
    if not (settings.HUB_DIGEST and settings.HUB_ALARM_EMAILS):
        return "nobody asks for it"
    with translation.override(settings.HUB_ALARM_LANGUAGE):
        content = compose(now)
    number = notices.digest(timezone.localdate(now).isoformat(), content, now)
    return f"{number} messages"


def compose(now: datetime) -> dict[str, Any]:
    """The subject, the text and the HTML, in the language in force."""
    told = facts(now)
    return {
        "subject": _subject(told),
        "text": render_to_string("watch/mail/digest.txt", told).strip() + "\n",
        "html": render_to_string("watch/mail/digest.html", told),
    }


def facts(now: datetime) -> dict[str, Any]:
    """What both forms say. No name of a person, no content of a case."""
    day = timezone.localdate(now) - timedelta(days=1)
    with connection.cursor() as cursor:
        snapshot = directory.current(cursor)
        stats = engine.stats(cursor)
    lines = _lines(day, snapshot, stats)
    opened = alarms.opened()
    start = datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
    passed = [each for each in alarms.of_day(start, start + timedelta(days=1)) if each.closed_at]
    report = reconciliation.latest()
    return {
        "language": settings.HUB_ALARM_LANGUAGE,
        "day": spelled(day, "l j F Y"),
        "lines": lines,
        "total": figures.days(None, day, day),
        "waiting": sum(line.waiting for line in lines),
        "stuck": sum(line.stuck for line in lines),
        "silent": [words.of(each, now) for each in opened if each.kind == AlarmKind.SILENT],
        "alarms": [words.of(each, now) for each in opened if each.kind != AlarmKind.SILENT],
        "passed": [words.of(each) for each in passed],
        "report": report,
        "report_day": spelled(report.day, "j F Y") if report else "",
        "well": not opened and not any(line.stuck for line in lines) and not (report and report.differences),
        "link": f"{settings.HUB_PUBLIC_URL}/console/",
    }


def _subject(told: dict[str, Any]) -> str:
    number = len(told["alarms"]) + len(told["silent"])
    if told["well"]:
        state = _("tout va bien")
    elif number:
        state = translation.ngettext("%(n)s alerte en cours", "%(n)s alertes en cours", number) % {"n": number}
    else:
        state = _("à regarder")
    return _("[Étoile] Le hub, %(day)s : %(state)s") % {"day": told["day"], "state": state}


def _lines(day: date, snapshot: Snapshot, stats: list[engine.SubscriptionStats]) -> list[Line]:
    by_id = {each.application_id: each for each in figures.by_application(day, day)}
    waiting: Counter[int] = Counter()
    stuck: Counter[int] = Counter()
    for each in stats:
        view = snapshot.subscriptions.get(each.subscription_id)
        if view is not None:
            waiting[view.application.id] += sum(each.by_state.get(state, 0) for state in WAITING)
            stuck[view.application.id] += sum(each.by_state.get(state, 0) for state in STUCK)
    nothing = figures.Day(day, None, 0, 0, 0, 0, None, None, None)
    return [
        _line(one.name, by_id.get(one.id, nothing), waiting[one.id], stuck[one.id])
        for one in sorted(snapshot.applications.values(), key=lambda one: one.name)
        if one.id in by_id or waiting[one.id] or stuck[one.id]
    ]


def _line(name: str, figure: figures.Day, waiting: int, stuck: int) -> Line:
    return Line(
        name=name,
        published=figure.published,
        accepted=figure.accepted,
        delivered=figure.delivered,
        retried=figure.retried,
        dead=figure.dead,
        p95=_short(figure.p95_ms),
        waiting=waiting,
        stuck=stuck,
    )


def _short(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "–"
    if milliseconds < 1000:
        return f"{milliseconds:.0f}\u00a0ms"
    return f"{milliseconds / 1000:.1f}\u00a0s" if milliseconds < 60_000 else words.duration(milliseconds / 1000)
