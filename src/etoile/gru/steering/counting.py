"""Count an authority's figures again: the only writer of the tables of this room.

Three statements of SQL in one transaction, read by the indexes of the open cases and of the recent ones; whoever reads
meanwhile has the figures before. Run twice at once, the second waits and writes the same.
"""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.cases.lists.groups import FOR_PERSON, SOON
from etoile.gru.cases.states import DECISIONS, OPEN
from etoile.gru.steering.models import Counted, Month, Work

# What the first count looks back on.
MONTHS = 24
WEEK, MONTH, QUARTER = 7, 30, 90

_PLACE = "c.authority_id, c.sector_id, c.team_id, v.procedure_id, c.channel"
_CASES = (
    "FROM cases_case c JOIN forms_procedureversion v ON v.id = c.procedure_version_id WHERE c.authority_id = %(of)s"
)
_AGE = "%(today)s - (c.submitted_at AT TIME ZONE %(zone)s)::date"
_WORK = f"""
INSERT INTO steering_work (authority_id, sector_id, team_id, procedure_id, channel, open, to_take, waiting, late, soon,
                           week, month, quarter, older)
SELECT {_PLACE}, count(*), count(*) FILTER (WHERE c.assignee_id IS NULL),
       count(*) FILTER (WHERE c.substate = ANY(%(for_person)s)), count(*) FILTER (WHERE c.due_on < %(today)s),
       count(*) FILTER (WHERE c.due_on BETWEEN %(today)s AND %(soon)s),
       count(*) FILTER (WHERE {_AGE} <= {WEEK}),
       count(*) FILTER (WHERE {_AGE} > {WEEK} AND {_AGE} <= {MONTH}),
       count(*) FILTER (WHERE {_AGE} > {MONTH} AND {_AGE} <= {QUARTER}),
       count(*) FILTER (WHERE {_AGE} > {QUARTER})
{_CASES} AND c.state IN ({", ".join(f"'{state.value}'" for state in sorted(OPEN))})
GROUP BY {_PLACE}
"""
_RECEIVED = "(c.submitted_at AT TIME ZONE %(zone)s)::date"
_ENDED = "(c.decided_at AT TIME ZONE %(zone)s)::date"
_KEPT = f"c.silence_date IS NOT NULL AND {_ENDED} <= c.silence_date AND c.implicit_on IS NULL"
_MONTHS = f"""
WITH seen AS (
    SELECT {_PLACE}, date_trunc('month', {_RECEIVED})::date AS first, 1 AS received, 0 AS ended, 0 AS days, 0 AS legal,
           0 AS legal_kept, 0 AS silent, 0 AS promised, 0 AS promised_kept
    {_CASES} AND c.submitted_at >= %(since)s
    UNION ALL
    SELECT {_PLACE}, date_trunc('month', {_ENDED})::date, 0, 1, greatest({_ENDED} - {_RECEIVED}, 0),
           (c.silence_date IS NOT NULL)::int, ({_KEPT})::int, (c.implicit_on IS NOT NULL)::int,
           (c.answer_due_at IS NOT NULL)::int,
           coalesce(coalesce(c.answered_at, c.decided_at) <= c.answer_due_at, false)::int
    {_CASES} AND c.decided_at >= %(since)s AND c.state = ANY(%(decided)s)
)
INSERT INTO steering_month (authority_id, sector_id, team_id, procedure_id, channel, first, received, ended, days,
                            legal, legal_kept, silent, promised, promised_kept)
SELECT authority_id, sector_id, team_id, procedure_id, channel, first, sum(received), sum(ended), sum(days),
       sum(legal), sum(legal_kept), sum(silent), sum(promised), sum(promised_kept)
FROM seen GROUP BY authority_id, sector_id, team_id, procedure_id, channel, first
"""  # noqa: S608 (only constants of this file)


def count(authority: Authority) -> datetime:
    """Count now; returns when. The months that have their final figures are left as they are."""
    zone = authority.zone
    now = timezone.now()
    today = now.astimezone(zone).date()
    with transaction.atomic():
        Counted.objects.bulk_create([Counted(authority=authority)], ignore_conflicts=True)
        counted = Counted.objects.select_for_update().get(pk=authority.pk)
        # A worker that was stopped for months counts those it missed.
        first = months_before(counted.at.astimezone(zone).date(), 1) if counted.at else months_before(today, MONTHS)
        given = {
            "of": authority.pk,
            "zone": authority.timezone,
            "today": today,
            "soon": today + timedelta(days=SOON),
            "for_person": sorted(state.value for state in FOR_PERSON),
            "decided": sorted(state.value for state in DECISIONS),
            "since": datetime(first.year, first.month, 1, tzinfo=zone),
        }
        Work.objects.filter(authority=authority).delete()
        Month.objects.filter(authority=authority, first__gte=first).delete()
        with connection.cursor() as cursor:
            cursor.execute(_WORK, given)
            cursor.execute(_MONTHS, given)
        Counted.objects.filter(pk=authority.pk).update(at=now)
    return now


def months_before(day: date, number: int) -> date:
    """The first day of the month, so many months before that of `day`."""
    months = day.year * 12 + day.month - 1 - number
    return date(months // 12, months % 12 + 1, 1)
