"""Applications that fall silent: what is usual of each is learnt from the journal, in working time, and compared.

Two things are learnt over ninety days: after how long an application says something of a case it acknowledged, and for
how long it usually says nothing at all. It is silent when both are exceeded: cases wait for longer than they do, and
nothing has come for longer than usual. Too few examples teach nothing, and then nothing is alarmed.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection

from etoile.contract.identifiers import first_uuid7
from etoile.hub.registry import directory
from etoile.hub.registry.directory import ApplicationView
from etoile.hub.watch import worktime
from etoile.hub.watch.models import Figure, Rhythm

STATUS = "org.etoile.case.status_changed.v1"
CASES = "org.etoile.case."
LEARNT_OVER = timedelta(days=90)
MOST = 20_000
# Fewer examples than these say nothing of what is usual.
FEWEST_DELAYS, FEWEST_GAPS = 20, 10
# The least silence that is ever told, and what is added to the longest usual one: a slow week is not a breakdown.
SHORTEST = worktime.DAY
MARGIN = 1.5

# The first and second statuses an application gave of a case, with when it had acknowledged the case before.
DELAYS = """
WITH status AS MATERIALIZED (
    SELECT subject, received_at, row_number() OVER (PARTITION BY subject ORDER BY id) AS rank
    FROM (SELECT id, subject, received_at FROM journal_message
          WHERE type = %(status)s AND source = %(slug)s AND id >= %(since)s ORDER BY id DESC LIMIT %(most)s) recent
), answered AS (
    SELECT f.subject, f.received_at AS first_at, n.received_at AS next_at
    FROM status f LEFT JOIN status n ON n.subject = f.subject AND n.rank = 2
    WHERE f.rank = 1
)
SELECT (SELECT min(d.settled_at) FROM journal_message m JOIN delivery_delivery d ON d.message_id = m.id
        WHERE m.subject = a.subject AND m.type <> %(status)s AND m.id >= %(since)s
          AND d.application_id = %(application_id)s AND d.state = 'acknowledged') AS acknowledged_at, first_at, next_at
FROM answered a
"""
# Cases acknowledged before a moment, of which the application has said nothing since.
WAITING = """
SELECT count(DISTINCT d.subject) FROM delivery_delivery d
WHERE d.id >= %(since)s AND d.application_id = %(application_id)s AND d.state = 'acknowledged'
  AND d.subscription_id = ANY(%(subscriptions)s::bigint[]) AND d.settled_at < %(before)s
  AND NOT EXISTS (
      SELECT FROM journal_message m
      WHERE m.subject = d.subject AND m.type = %(status)s AND m.source = %(slug)s AND m.id > d.message_id
  )
"""
LAST = """
SELECT max(received_at) FROM journal_message WHERE source = %s AND id >= %s AND id < %s AND (type = %s OR %s)
"""


@dataclass(frozen=True, slots=True)
class Usual:
    """A sample of durations, in seconds of working time: half are under `middle`, 95 % under `late`."""

    sample: int
    middle: float | None
    late: float | None


def learn(now: datetime) -> int:
    """Learn what is usual of each application. Returns for how many something is known."""
    known = 0
    for view in _applications():
        first, following = _delays(view, now)
        gaps = _gaps(view, now)
        Rhythm.objects.update_or_create(
            application_id=view.id,
            defaults={
                "learned_at": now,
                "first_sample": first.sample, "first_usual": first.middle, "first_late": first.late,
                "next_sample": following.sample, "next_usual": following.middle, "next_late": following.late,
                "status_gap": gaps["statuses"], "event_gap": gaps["published"],
            },
        )  # fmt: skip
        known += first.late is not None or gaps["published"] is not None
    Rhythm.objects.exclude(application_id__in=[view.id for view in _applications()]).delete()
    return known


def look(now: datetime) -> int:
    """Compare each application with what is usual of it. Returns how many are silent."""
    views = {view.id: view for view in _applications()}
    silent = 0
    for rhythm in Rhythm.objects.all():
        view = views.get(rhythm.application_id)
        found = _silence(view, rhythm, now) if view else (None, "", 0)
        rhythm.silent_since, rhythm.silent_of, rhythm.waiting = found
        rhythm.looked_at = now
        rhythm.save()
        silent += rhythm.silent_since is not None
    return silent


def usual(durations: Sequence[float], *, fewest: int) -> Usual:
    """Percentiles, not means: one forgotten case must not make a year of silence usual."""
    if len(durations) < fewest:
        return Usual(len(durations), None, None)
    ordered = sorted(durations)
    return Usual(len(ordered), _at(ordered, 0.5), _at(ordered, 0.95))


def _silence(view: ApplicationView, rhythm: Rhythm, now: datetime) -> tuple[datetime | None, str, int]:
    """Since when, of what (`status` or `events`), and how many cases wait. Statuses first: they say how many wait."""
    if rhythm.first_late is not None and rhythm.status_gap is not None:
        last = _last(view, now, statuses=True)
        if last is not None and worktime.between(last, now) > _longest(rhythm.status_gap):
            waiting = _waiting(view, rhythm.first_late, now)
            if waiting:
                return last, "status", waiting
    if rhythm.event_gap is not None:
        last = _last(view, now, statuses=False)
        if last is not None and worktime.between(last, now) > _longest(rhythm.event_gap):
            return last, "events", 0
    return None, "", 0


def _longest(gap: float) -> float:
    return max(gap * MARGIN, SHORTEST)


def _waiting(view: ApplicationView, late: float, now: datetime) -> int:
    """How many cases have waited for a first word longer than all but one in twenty do."""
    asked: dict[str, Any] = {
        "since": first_uuid7(now - LEARNT_OVER),
        "application_id": view.id,
        "slug": view.slug,
        "status": STATUS,
        "before": worktime.before(now, late),
        "subscriptions": _of_cases(view),
    }
    with connection.cursor() as cursor:
        cursor.execute(WAITING, asked)
        (number,) = cursor.fetchone()
    return int(number)


def _of_cases(view: ApplicationView) -> list[int]:
    """The subscriptions by which it receives cases: what is told of persons or bookings asks for no status."""
    with connection.cursor() as cursor:
        snapshot = directory.current(cursor)
    return [each.id for each in snapshot.subscriptions.values()
            if each.application.id == view.id and each.message_type.startswith(CASES)
            and each.message_type != STATUS]  # fmt: skip


def _delays(view: ApplicationView, now: datetime) -> tuple[Usual, Usual]:
    with connection.cursor() as cursor:
        cursor.execute(
            DELAYS,
            {
                "status": STATUS, "slug": view.slug, "since": first_uuid7(now - LEARNT_OVER), "most": MOST,
                "application_id": view.id,
            },
        )  # fmt: skip
        rows: list[Any] = cursor.fetchall()
    first = [worktime.between(acknowledged, at) for acknowledged, at, _ in rows if acknowledged is not None]
    following = [worktime.between(at, next_at) for _, at, next_at in rows if next_at is not None]
    return usual(first, fewest=FEWEST_DELAYS), usual(following, fewest=FEWEST_DELAYS)


def _gaps(view: ApplicationView, now: datetime) -> dict[str, float | None]:
    """The longest usual silence (99 % are shorter), from the hours in which it said something."""
    gaps: dict[str, float | None] = {}
    for name in ("statuses", "published"):
        hours = list(
            Figure.objects.filter(
                application_id=view.id, hour__gte=now - LEARNT_OVER, hour__lt=now, **{f"{name}__gt": 0}
            ).order_by("hour").values_list("hour", flat=True)
        )  # fmt: skip
        lengths = sorted(worktime.between(one, other) for one, other in pairwise(hours))
        gaps[name] = _at(lengths, 0.99) if len(lengths) >= FEWEST_GAPS else None
    return gaps


def _last(view: ApplicationView, now: datetime, *, statuses: bool) -> datetime | None:
    """When it last said something: the hours counted say which, and the journal at what moment."""
    name = "statuses" if statuses else "published"
    found = Figure.objects.filter(application_id=view.id, hour__lte=now, **{f"{name}__gt": 0}).order_by("-hour").first()
    if found is None:
        return None
    bounds = first_uuid7(found.hour), first_uuid7(found.hour + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute(LAST, [view.slug, *bounds, STATUS, not statuses])
        (at,) = cursor.fetchone()
    return at or found.hour.astimezone(UTC)


def _applications() -> Iterable[ApplicationView]:
    with connection.cursor() as cursor:
        return [view for view in directory.current(cursor).applications.values() if view.is_active]


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]
