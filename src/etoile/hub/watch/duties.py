"""What the hub does by itself, and when: each duty is a row of `watch_job`. docs/operations.md says what it is for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from oauth2_provider.models import AccessToken

from etoile.hub.delivery import engine
from etoile.hub.journal import partitions, retention, seals
from etoile.hub.lookups import failing, keeping
from etoile.hub.reconciliation import services as reconciliation
from etoile.hub.registry.directory import Snapshot
from etoile.hub.watch import alarms, causes, digest, figures, jobs, silence, telling
from etoile.hub.watch.causes import Cause, Check
from etoile.hub.watch.jobs import Daily, Duty, Every
from etoile.hub.watch.models import Alarm, AlarmKind, Job, Notice

# Short database work; what may take minutes; what waits for a network.
SHORT, LONG, NETWORK = "short", "long", "network"
ALARMS_KEPT, NOTICES_KEPT = timedelta(days=400), timedelta(days=90)
DAY = timedelta(days=1)


class Busy(Exception):
    """What was to be done could not be now; it is tried again sooner than the next day."""


def _seal(now: datetime) -> str:
    made = seals.seal(connection)
    return f"seal {made.id}" if made else ""


def _partitions(now: datetime) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        made = partitions.ensure(cursor)
    return f"{made} made" if made else ""


def _lanes(now: datetime) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        mended = engine.reconcile(cursor)
    return f"{mended} offered again" if mended else ""


def _alarms(now: datetime) -> str:
    return str(alarms.evaluate(now, CHECKS))


def _notices(now: datetime) -> str:
    sent, failed = telling.send_due(now)
    return f"{sent} sent, {failed} to try again" if sent or failed else ""


def _figures(now: datetime) -> str:
    number = figures.refresh(now)
    return f"{number} hours" if number else ""


def _revision(now: datetime) -> str:
    return f"{figures.revise(now)} hours"


def _silence(now: datetime) -> str:
    number = silence.look(now)
    return f"{number} silent" if number else ""


def _rhythms(now: datetime) -> str:
    return f"{silence.learn(now)} known"


def _accounts(now: datetime) -> str:
    """Yesterday, and the days before it that nothing has counted because no worker ran."""
    yesterday = reconciliation.yesterday()
    last = reconciliation.latest()
    first = max(last.day + DAY, yesterday - 6 * DAY) if last and last.day < yesterday else yesterday
    made = []
    while first <= yesterday:
        report = reconciliation.compare(connection, first)
        made.append(f"{report.day}: {report.differences} differences")
        first += DAY
    return ", ".join(made)


def _retention(now: datetime) -> str:
    dropped = retention.sweep(connection)
    with connection.cursor() as cursor:
        left = retention.due(cursor)
    if left and left[0].free:
        raise Busy(f"{left[0]} is being used: it is tried again soon")
    kept = [str(month) for month in left[:1]]
    return ", ".join([*(f"{month} dropped" for month in dropped), *(f"kept: {each}" for each in kept)])


def _purge(now: datetime) -> str:
    """What is not the journal, and of no use any more: alarms, messages told, tokens, sessions, what came of itself."""
    counted = [
        Alarm.objects.filter(closed_at__lt=now - ALARMS_KEPT).delete()[0],
        Notice.objects.filter(due=None, created_at__lt=now - NOTICES_KEPT).delete()[0],
        AccessToken.objects.filter(expires__lt=now - DAY).delete()[0],
        Session.objects.filter(expire_date__lt=now).delete()[0],
        jobs.forget(DUTIES),
    ]
    return f"{sum(counted)} rows" if sum(counted) else ""


def _lookups(now: datetime) -> str:
    """Answers that may not be given any more: some are about people, and were promised to be forgotten."""
    with transaction.atomic(), connection.cursor() as cursor:
        number = keeping.purge(cursor) + failing.forget_the_gone(cursor)
    return f"{number} rows" if number else ""


DUTIES = (
    Duty("seal", Every(10), _seal, SHORT, tolerance=60),
    Duty("lanes", Every(30), _lanes, SHORT, tolerance=300, at_start=True),
    Duty("alarms", Every(30), _alarms, SHORT, tolerance=300),
    Duty("partitions", Every(3600), _partitions, SHORT, tolerance=7200, at_start=True),
    Duty("lookups", Every(600), _lookups, SHORT, tolerance=3600),
    Duty("notices", Every(10), _notices, NETWORK, tolerance=600),
    Duty("digest", Daily(settings.HUB_DIGEST_HOUR), digest.send, NETWORK, tolerance=7200),
    Duty("figures", Every(120), _figures, LONG, tolerance=3600),
    Duty("silence", Every(600), _silence, LONG, tolerance=3600),
    Duty("reconciliation", Daily(1, 30), _accounts, LONG, tolerance=4 * 3600),
    Duty("revision", Daily(2, 30), _revision, LONG, tolerance=8 * 3600),
    Duty("rhythms", Daily(3), _rhythms, LONG, tolerance=8 * 3600),
    Duty("retention", Daily(3, 30), _retention, LONG, tolerance=8 * 3600),
    Duty("purge", Daily(4), _purge, LONG, tolerance=24 * 3600),
)


def late(now: datetime) -> list[Job]:
    return jobs.late(DUTIES, now)


def _late(cursor: Any, snapshot: Snapshot, now: datetime) -> Iterator[Cause]:
    """The evaluation itself may not accuse itself: it is running."""
    for job in late(now):
        if job.name != "alarms":
            detail = {"job": job.name, "since": (job.last_succeeded or job.enrolled_at).isoformat()}
            yield Cause(AlarmKind.JOB, f"job:{job.name}", 1, detail)


CHECKS = (*causes.CHECKS, Check("jobs", (AlarmKind.JOB,), _late))
