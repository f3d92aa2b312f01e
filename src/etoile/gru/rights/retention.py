"""What the retention runs did, month by month: told, archived, removed. Counted from what says it for ever, or for as
long as the request is there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Value
from django.db.models.functions import TruncMonth

from etoile.gru.access.models import Authority
from etoile.gru.archive.models import SlipLine, Standing
from etoile.gru.cases.models import Case

# How far back.
BACK = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    told: int
    archived: int
    removed: int


def months(authority: Authority, now: datetime) -> list[Month]:
    """Those in which something was done, the last one first. One statement."""
    since = now - BACK
    parts = [
        _by_month(Standing.objects.filter(case__in=Case.objects.filter(authority=authority)), "told_at", since),
        _by_month(Standing.objects.filter(case__in=Case.objects.filter(authority=authority)), "archived_at", since),
        _by_month(SlipLine.objects.filter(slip__authority=authority, state="removed"), "removed_at", since),
    ]
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for what, month, many in parts[0].union(*parts[1:], all=True):
        found[month.astimezone(authority.zone).date()][what] = many
    return [
        Month(first, done.get("told_at", 0), done.get("archived_at", 0), done.get("removed_at", 0))
        for first, done in sorted(found.items(), reverse=True)
    ]


def _by_month(rows, moment: str, since: datetime):  # type: ignore[no-untyped-def]
    return (
        rows.filter(**{f"{moment}__gte": since})
        .annotate(what=Value(moment), month=TruncMonth(F(moment)))
        .order_by()
        .values("what", "month")
        .annotate(many=Count("pk"))
        .values_list("what", "month", "many")
    )
