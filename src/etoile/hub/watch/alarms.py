"""Alarms: one per cause, opened when it is sure, told, closed by itself when the cause is gone for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import translation

from etoile.hub.journal import services as journal
from etoile.hub.watch import notices, words
from etoile.hub.watch.causes import Cause, Check, look
from etoile.hub.watch.models import Alarm, AlarmKind

ACTOR = "hub"
# For how long a cause must be there before it is an alarm, when one look is not enough to be sure.
OPENS_AFTER = {
    AlarmKind.POLL: timedelta(minutes=30),
    AlarmKind.JOB: timedelta(minutes=2),
    AlarmKind.LOOKUP: timedelta(minutes=2),
    AlarmKind.SEAL: timedelta(minutes=1),
    AlarmKind.UNROUTED: timedelta(minutes=1),
    AlarmKind.QUARANTINE: timedelta(minutes=5),
}
# For how long it must be gone: what is sent again and fails again is the same trouble.
CLOSES_AFTER = timedelta(minutes=5)
REMINDED_EVERY = timedelta(days=1)
# What leaves a month to act would tire whoever is told each day.
REMINDED_SLOWLY = {AlarmKind.CERTIFICATE: timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class Changed:
    """What an evaluation did."""

    opened: int = 0
    closed: int = 0
    reminded: int = 0

    def __str__(self) -> str:
        told = {"opened": self.opened, "closed": self.closed, "reminded": self.reminded}
        return ", ".join(f"{number} {name}" for name, number in told.items() if number)


def opened() -> list[Alarm]:
    """The alarms that are open, the latest first."""
    return list(Alarm.objects.filter(closed_at=None, opened_at__isnull=False))


def of_day(since: datetime, until: datetime) -> list[Alarm]:
    """Those opened in between, whether they are closed or not, in order."""
    return list(Alarm.objects.filter(opened_at__gte=since, opened_at__lt=until).order_by("opened_at", "id"))


def evaluate(now: datetime, checks: tuple[Check, ...]) -> Changed:
    """Look at everything, and bring the alarms, the journal and the messages to send in line, in one transaction."""
    seen = look(now, checks)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('watch.alarms', 0))")
        known = {alarm.cause: alarm for alarm in Alarm.objects.filter(closed_at=None)}
        began = sum(_see(cursor, known.pop(cause.key, None), cause, now) for cause in _distinct(seen.causes))
        missing = [alarm for alarm in known.values() if AlarmKind(alarm.kind) not in seen.unknown]
        ended = sum(_miss(cursor, alarm, now) for alarm in missing)
        return Changed(began, ended, _remind(now))


def _distinct(causes: Iterable[Cause]) -> Iterable[Cause]:
    return {cause.key: cause for cause in causes}.values()


def _see(cursor: Any, alarm: Alarm | None, cause: Cause, now: datetime) -> bool:
    """True if the alarm opens."""
    if alarm is None:
        alarm = Alarm(kind=cause.kind, cause=cause.key, first_seen_at=now)
    alarm.seen_at, alarm.gone_at = now, None
    alarm.count, alarm.detail = cause.count, {"since": alarm.first_seen_at.isoformat(), **cause.detail}
    with translation.override("fr"):
        alarm.words = words.say(cause.kind, alarm.detail, alarm.count, now).what
    opens = alarm.opened_at is None and now - alarm.first_seen_at >= OPENS_AFTER.get(cause.kind, timedelta(0))
    if opens:
        alarm.opened_at = alarm.told_at = now
    alarm.save()
    if opens:
        _record(cursor, "alarm.opened", alarm)
        notices.about(alarm, "opened", now)
    return opens


def _miss(cursor: Any, alarm: Alarm, now: datetime) -> bool:
    """True if the alarm closes. What was only suspected is forgotten."""
    if alarm.opened_at is None:
        alarm.delete()
        return False
    if alarm.gone_at is None:
        alarm.gone_at = now
    closes = now - alarm.gone_at >= CLOSES_AFTER
    if closes:
        alarm.closed_at = now
    alarm.save()
    if closes:
        _record(cursor, "alarm.closed", alarm)
        notices.about(alarm, "closed", now)
    return closes


def _remind(now: datetime) -> int:
    """What has been open for a day since it was last told, and is still seen, is told again."""
    open_still = Alarm.objects.filter(closed_at=None, gone_at=None, told_at__lte=now - REMINDED_EVERY)
    due = [each for each in open_still if _late_to_tell(each, now)]
    for alarm in due:
        alarm.told_at = now
        alarm.save(update_fields=["told_at"])
        notices.about(alarm, "reminder", now)
    return len(due)


def _late_to_tell(alarm: Alarm, now: datetime) -> bool:
    every = REMINDED_SLOWLY.get(AlarmKind(alarm.kind), REMINDED_EVERY)
    return alarm.told_at is not None and now - alarm.told_at >= every


def _record(cursor: Any, kind: str, alarm: Alarm) -> None:
    detail = {"alarm": alarm.pk, "kind": str(alarm.kind), "cause": alarm.cause, "count": alarm.count}
    journal.record(cursor, kind, actor=ACTOR, application=alarm.detail.get("application"), detail=detail)
