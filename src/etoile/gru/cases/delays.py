"""How long a procedure usually takes, and what people ask most: measured on a bounded number of recent cases."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import DECISIONS
from etoile.gru.forms.models import Procedure

ENOUGH = 20
_LAST = 200
_SINCE = timedelta(days=365)
_RECENT = 2000


@dataclass(frozen=True, slots=True)
class UsualDelay:
    """Calendar days from the request to its answer: half of `cases` took `usual` or less, nine in ten took `most`."""

    usual: int
    most: int
    cases: int


def usual_delay(procedure: Procedure, *, timezone_name: str) -> UsualDelay | None:
    """From the last answered requests of a year; None under twenty of them. One statement, an index read."""
    zone = ZoneInfo(timezone_name)
    times = (
        Case.objects.filter(
            procedure_version__procedure=procedure,
            decided_at__gte=timezone.now() - _SINCE,
            state__in=DECISIONS,
        )
        .order_by("-decided_at")
        .values_list("submitted_at", "decided_at")[:_LAST]
    )
    days = sorted((end.astimezone(zone).date() - start.astimezone(zone).date()).days for start, end in times)
    if len(days) < ENOUGH:
        return None
    return UsualDelay(usual=round(median(days)), most=days[int(0.9 * (len(days) - 1))], cases=len(days))


def most_asked(authority: Authority) -> Counter[str]:
    """Slug of a procedure -> how many of the authority's last two thousand requests were about it. One statement."""
    recent = (
        Case.objects.filter(authority=authority)
        .order_by("-submitted_at", "-id")
        .values_list("procedure_version__procedure__slug", flat=True)[:_RECENT]
    )
    return Counter(recent)
