"""Scheduled jobs as rows of the database: when each is due, who runs it, how the last run went.

One process at a time runs a job: it takes a lease, prolongs it while it works, and writes what became of it under the
token it was given. A process that is killed prolongs nothing, so another takes the job up within LEASE seconds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any, Protocol

import structlog
from django.db import connection
from django.utils import timezone

from etoile.hub.watch.models import Job

log = structlog.get_logger("etoile.hub.watch")

LEASE = 30.0
LONGEST_ERROR = 500
SOONEST_AGAIN, LATEST_AGAIN = 10.0, 900.0


class Schedule(Protocol):
    """When a job is due again after a run, and how long may pass between two successes."""

    def following(self, now: datetime) -> datetime: ...

    @property
    def period(self) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class Every:
    """Again `seconds` after the end of each run."""

    seconds: float

    def following(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.seconds)

    @property
    def period(self) -> timedelta:
        return timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Daily:
    """Each day at a local time of the hub's zone. A time the clock skips in spring is taken after it, once."""

    hour: int
    minute: int = 0

    def following(self, now: datetime) -> datetime:
        local = timezone.localtime(now)
        at = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0, fold=0)
        return (at if at > local else at + timedelta(days=1)).astimezone(UTC)

    @property
    def period(self) -> timedelta:
        return timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Duty:
    """A job of the code. `work` returns a few words on what it did, empty for nothing; it opens its own transactions.

    `lane`: jobs of one lane follow one another in a process, so that a long one delays none of another lane.
    `tolerance`: seconds beyond its period after which it is late, and an alarm. `at_start`: run by the first worker
    that starts, not a period later.
    """

    name: str
    schedule: Schedule
    work: Callable[[datetime], str]
    lane: str
    tolerance: float
    at_start: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A job lent to this process."""

    duty: Duty
    token: int


ENROL = """
INSERT INTO watch_job (name, enrolled_at, due, token, worker, failures, last_error, said)
VALUES (%s, %s, %s, 0, '', 0, '', '') ON CONFLICT DO NOTHING
"""
# The clock of the database alone says what is due and whose lease ended: those of the workers may disagree.
TAKE = """
UPDATE watch_job SET token = token + 1, worker = %(worker)s, last_started = now(),
                     lease_until = now() + make_interval(secs => %(lease)s::float8)
WHERE name = (
    SELECT name FROM watch_job
    WHERE name = ANY(%(names)s::text[]) AND (due <= now() OR %(at_once)s)
      AND (lease_until IS NULL OR lease_until <= now())
    ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING name, token
"""
PROLONG = """
UPDATE watch_job SET lease_until = now() + make_interval(secs => %s::float8)
WHERE name = %s AND token = %s AND lease_until IS NOT NULL
"""
SUCCEED = """
UPDATE watch_job SET lease_until = NULL, due = %s, last_succeeded = now(), failures = 0, last_error = '', said = %s,
                     duration_ms = (extract(epoch FROM clock_timestamp() - last_started) * 1000)::bigint
WHERE name = %s AND token = %s
"""
FAIL = """
UPDATE watch_job SET lease_until = NULL, due = %s, last_failed = now(), failures = failures + 1, last_error = %s,
                     duration_ms = (extract(epoch FROM clock_timestamp() - last_started) * 1000)::bigint
WHERE name = %s AND token = %s
"""


def enrol(duties: Iterable[Duty]) -> None:
    """Make the rows that are missing. What is known already keeps its due time."""
    now = datetime.now(UTC)
    with connection.cursor() as cursor:
        for duty in duties:
            cursor.execute(ENROL, [duty.name, now, now if duty.at_start else duty.schedule.following(now)])


def take(duties: Sequence[Duty], worker: str, *, at_once: bool = False) -> Taken | None:
    """Lend to this process the job that has been due for longest; None when there is none, or all are being run.

    `at_once`: also one that is not due yet.
    """
    by_name = {duty.name: duty for duty in duties}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"names": list(by_name), "worker": worker, "lease": LEASE, "at_once": at_once})
        row = cursor.fetchone()
    return Taken(by_name[row[0]], row[1]) if row else None


def run(taken: Taken) -> bool:
    """Do the work, and write how it went. False when it failed, which is written too; never raises for that."""
    duty = taken.duty
    try:
        with _prolonged(taken):
            said = duty.work(datetime.now(UTC))
    except Exception as error:
        log.exception("watch.job_failed", job=duty.name)
        _fail(taken, f"{type(error).__name__}: {error}")
        return False
    _write(SUCCEED, [duty.schedule.following(datetime.now(UTC)), said[:LONGEST_ERROR], duty.name, taken.token])
    return True


def late(duties: Iterable[Duty], now: datetime) -> list[Job]:
    """The jobs that have not succeeded within their period and tolerance. One that was never enrolled is not late."""
    known = list(duties)
    return overdue(known, Job.objects.filter(name__in=[duty.name for duty in known]), now)


def overdue(duties: Iterable[Duty], rows: Iterable[Job], now: datetime) -> list[Job]:
    """Those of these rows that are late."""
    allowed = {duty.name: duty.schedule.period + timedelta(seconds=duty.tolerance) for duty in duties}
    return [
        job for job in rows if job.name in allowed and now - (job.last_succeeded or job.enrolled_at) > allowed[job.name]
    ]


def forget(duties: Iterable[Duty]) -> int:
    """Remove the rows of jobs this version does not have any more."""
    removed, _ = Job.objects.exclude(name__in=[duty.name for duty in duties]).delete()
    return removed


def _fail(taken: Taken, words: str) -> None:
    wait = min(max(taken.duty.schedule.period.total_seconds(), SOONEST_AGAIN), LATEST_AGAIN)
    due = datetime.now(UTC) + timedelta(seconds=wait)
    _write(FAIL, [due, words[:LONGEST_ERROR], taken.duty.name, taken.token])


def _write(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def _prolonged(taken: Taken) -> Iterator[None]:
    """Prolongs the lease during the work, from a thread and a connection of its own."""
    done = Event()
    beat = Thread(target=_beat, args=(taken, done), name=f"lease-{taken.duty.name}", daemon=True)
    beat.start()
    try:
        yield
    finally:
        done.set()
        beat.join()


def _beat(taken: Taken, done: Event) -> None:
    try:
        while not done.wait(LEASE / 3):
            try:
                _write(PROLONG, [LEASE, taken.duty.name, taken.token])
            except Exception as error:
                # The next beat connects again; without any, the lease ends and another process takes the job up.
                log.warning("watch.lease_not_prolonged", job=taken.duty.name, error=type(error).__name__)
                connection.close()
    finally:
        connection.close()
