"""Figures per application: what was accepted for it, delivered, tried again, given up, and how long it took.

They are counted by hour, by ranges of keys: an hour's deliveries are those whose key was made in it, whatever became
of them since. An hour is counted again while it is young and while something of it is open, so that what is settled
late is counted where it was accepted. Days and percentiles are made from the hours when they are read.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from etoile.contract.identifiers import first_uuid7, time_of
from etoile.hub.watch.models import Hour

HOUR = timedelta(hours=1)
# What is younger is counted at each run; what is older and open, at most once an hour; what is over, once a day for
# as long as a person may have changed their mind.
YOUNG = timedelta(hours=2)
AGAIN = timedelta(hours=1)
REVISED = timedelta(days=35)
MOST_HOURS = 500
# The steps of the latencies grow by a twentieth: a percentile is known within 2.5 %.
STEP = 1.05
LOG_STEP = math.log(STEP)
STATUS = "org.etoile.case.status_changed.v1"

COUNT = """
WITH due AS MATERIALIZED (
    SELECT application_id, state, attempts,
           CASE WHEN state = 'acknowledged' AND settled_at IS NOT NULL
                THEN floor(ln(greatest(extract(epoch FROM settled_at - created_at) * 1000, 1)::float8)
                           / %(log_step)s::float8)::int END AS step
    FROM delivery_delivery WHERE id >= %(first)s AND id < %(end)s
), counted AS (
    SELECT application_id, count(*) AS accepted, count(*) FILTER (WHERE state = 'acknowledged') AS delivered,
           count(*) FILTER (WHERE attempts > 1) AS retried, count(*) FILTER (WHERE state = 'dead') AS dead,
           count(*) FILTER (WHERE state NOT IN ('acknowledged', 'cancelled')) AS open
    FROM due GROUP BY 1
), latency AS (
    SELECT application_id, jsonb_object_agg(step::text, number) AS latencies
    FROM (SELECT application_id, step, count(*) AS number FROM due WHERE step IS NOT NULL GROUP BY 1, 2) steps
    GROUP BY 1
), said AS (
    SELECT a.id AS application_id, count(*) AS published, count(*) FILTER (WHERE m.type = %(status)s) AS statuses
    FROM journal_message m JOIN registry_application a ON a.slug = m.source
    WHERE m.id >= %(first)s AND m.id < %(end)s GROUP BY 1
), forgotten AS (
    DELETE FROM watch_figure WHERE hour = %(hour)s AND application_id NOT IN (
        SELECT application_id FROM counted UNION SELECT application_id FROM said)
), written AS (
    INSERT INTO watch_figure AS f (hour, application_id, published, statuses, accepted, delivered, retried, dead,
                                   latencies)
    SELECT %(hour)s, coalesce(c.application_id, s.application_id), coalesce(s.published, 0), coalesce(s.statuses, 0),
           coalesce(c.accepted, 0), coalesce(c.delivered, 0), coalesce(c.retried, 0), coalesce(c.dead, 0),
           coalesce(l.latencies, '{}')
    FROM counted c FULL JOIN said s ON s.application_id = c.application_id
    LEFT JOIN latency l ON l.application_id = c.application_id
    ON CONFLICT (hour, application_id) DO UPDATE SET
        published = excluded.published, statuses = excluded.statuses, accepted = excluded.accepted,
        delivered = excluded.delivered, retried = excluded.retried, dead = excluded.dead,
        latencies = excluded.latencies
)
INSERT INTO watch_hour (hour, counted_at, open)
SELECT %(hour)s, %(now)s, coalesce((SELECT sum(open) FROM counted), 0)
ON CONFLICT (hour) DO UPDATE SET counted_at = excluded.counted_at, open = excluded.open
"""


CHOSEN = """
FROM watch_figure f {steps}
WHERE hour >= %(since)s AND hour < %(until)s
  AND (%(application_id)s::bigint IS NULL OR application_id = %(application_id)s::bigint)
"""
GROUPED = """
SELECT CASE WHEN %(by_day)s THEN (hour AT TIME ZONE %(zone)s)::date END AS day,
       CASE WHEN %(apart)s THEN application_id END AS application,
"""
SUMS = f"""
{GROUPED} sum(published), sum(accepted), sum(delivered), sum(retried), sum(dead)
{CHOSEN.format(steps="")} GROUP BY 1, 2 ORDER BY 1, 2
"""
STEPS = f"""
{GROUPED} s.step::int, sum(s.number::bigint)
{CHOSEN.format(steps="CROSS JOIN LATERAL jsonb_each_text(f.latencies) AS s(step, number)")} GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Day:
    """A local day of an application; `application_id` None: of all of them. Latencies in milliseconds, from acceptance
    to acknowledgement, None when nothing was acknowledged. `published`: the messages the application said itself."""

    day: date
    application_id: int | None
    accepted: int
    delivered: int
    retried: int
    dead: int
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    published: int = 0


@dataclass(slots=True)
class _Sum:
    published: int
    accepted: int
    delivered: int
    retried: int
    dead: int
    steps: dict[int, int]

    def of(self, day: date, application_id: int | None) -> Day:
        p50, p95, p99 = (percentile(self.steps, share) for share in (0.50, 0.95, 0.99))
        return Day(
            day, application_id, self.accepted, self.delivered, self.retried, self.dead, p50, p95, p99, self.published
        )


def days(application_id: int | None, since: date, until: date) -> list[Day]:
    """The local days from `since` to `until`, both included, oldest first; a day on which nothing happened is absent.

    `application_id` None: all the applications together, in one line a day. Read from the hours counted: see `refresh`.
    """
    found = _sums(_midnight(since), _midnight(until + timedelta(days=1)), application_id)
    return [each.of(day, application_id) for (day, _), each in found]


def by_application(since: date, until: date) -> list[Day]:
    """The same days, a line for each application and day; by day, then by application."""
    found = _sums(_midnight(since), _midnight(until + timedelta(days=1)), apart=True)
    return [each.of(day, id) for (day, id), each in found]


def last_day(now: datetime | None = None) -> dict[int, Day]:
    """What went to and came from each application in the last 24 hours, this hour included; by application."""
    now = now or datetime.now(UTC)
    found = _sums(_floor(now) - timedelta(hours=23), now, apart=True, by_day=False)
    return {id: each.of(timezone.localdate(now), id) for (_, id), each in found}


def refresh(now: datetime) -> int:
    """Count the hours that need it, each in its own transaction, most recent first. Returns how many.

    An installation that has years of messages is counted from its end, MOST_HOURS at each run.
    """
    hours = _wanted(now)[:MOST_HOURS]
    for hour in hours:
        count(hour, now)
    return len(hours)


def revise(now: datetime) -> int:
    """Count again every hour of the last REVISED days: also what a person sent again after it was over."""
    counted = list(Hour.objects.filter(hour__gte=now - REVISED).values_list("hour", flat=True))
    for hour in counted:
        count(hour, now)
    return len(counted)


def count(hour: datetime, now: datetime) -> None:
    """Count one hour (its first instant, aware); doing it again gives the same."""
    bounds = {"first": first_uuid7(hour), "end": first_uuid7(hour + HOUR)}
    with transaction.atomic(), connection.cursor() as cursor:
        # Two at once would both insert, and a reader must never see an hour without its lines.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('watch.figures', 0))")
        cursor.execute(COUNT, {**bounds, "hour": hour, "now": now, "log_step": LOG_STEP, "status": STATUS})


def percentile(steps: Mapping[int, int], share: float) -> float | None:
    """The latency, in milliseconds, under which `share` of the deliveries stayed; the middle of its step."""
    total = sum(steps.values())
    if not total:
        return None
    rank = max(math.ceil(share * total), 1)
    for step in sorted(steps):
        rank -= steps[step]
        if rank <= 0:
            return round(STEP ** (step + 0.5), 3)
    return None


def _wanted(now: datetime) -> list[datetime]:
    this = _floor(now)
    first = _first_hour(now)
    if first is None:
        return []
    known = dict(Hour.objects.values_list("hour", "counted_at"))
    unfinished = set(Hour.objects.filter(open__gt=0, counted_at__lte=now - AGAIN).values_list("hour", flat=True))
    wanted = []
    hour = this
    while hour >= first:
        if hour not in known or hour >= this - YOUNG or hour in unfinished or known[hour] < hour + HOUR:
            wanted.append(hour)
        hour -= HOUR
    return wanted


def _first_hour(now: datetime) -> datetime | None:
    """The hour of the oldest message kept: whatever came before was counted in its time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM journal_message ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    if row is None or row[0].version != 7:
        return None
    return min(_floor(time_of(row[0])), _floor(now))


def _sums(
    since: datetime, until: datetime, application_id: int | None = None, *, apart: bool = False, by_day: bool = True
) -> list[tuple[Any, _Sum]]:
    """By (local day or None, application or None), sorted so. Two statements, whatever there is."""
    asked = {
        "since": since, "until": until, "application_id": application_id, "apart": apart, "by_day": by_day,
        "zone": timezone.get_default_timezone_name(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SUMS, asked)
        sums = {
            (day, id): _Sum(int(published), int(accepted), int(delivered), int(retried), int(dead), {})
            for day, id, published, accepted, delivered, retried, dead in cursor.fetchall()
        }
        cursor.execute(STEPS, asked)
        for day, id, step, number in cursor.fetchall():
            sums[day, id].steps[step] = int(number)
    return list(sums.items())


def _floor(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
