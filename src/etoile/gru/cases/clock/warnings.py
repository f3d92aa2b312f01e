"""The team is told before silence decides for it: fifteen days before, then three."""

from datetime import UTC, date, datetime, timedelta

import structlog
from django.db import models
from django.utils import timezone

from etoile.gru.cases import due, telling
from etoile.gru.cases.clock import running
from etoile.gru.cases.models import Case

log = structlog.get_logger(__name__)

# Days left -> how far the team has been told, kept on the case.
LEVELS = {15: 1, 3: 2}


def level(left: int) -> int:
    """How far a team is to be told with so many days left; 0 when it is early."""
    return max((told for days, told in LEVELS.items() if left <= days), default=0)


def warn_teams(now: datetime | None = None) -> int:
    """Tell each team once a level, by e-mail; how many were told."""
    now = now or timezone.now()
    day = now.astimezone(UTC).date()
    near = models.Q()
    for days, told in LEVELS.items():
        near |= models.Q(silence_date__lte=day + timedelta(days=days), silence_alert__lt=told)
    ours = Case.objects.filter(near, implicit_on=None).exclude(running.elsewhere())
    return due.each(ours, lambda case: _warn(case, now), by="silence_date")


def _warn(case: Case, now: datetime) -> bool:
    day: date | None = case.silence_date
    if day is None:
        return False
    left = (day - running.today(case, now)).days
    reached = level(left)
    if reached <= case.silence_alert:
        return False
    Case.objects.filter(pk=case.pk).update(silence_alert=reached)
    log.warning("silence_near", reference=case.reference, days=left)
    return telling.tell_team(case, "silence_near", regime=case.silence_regime, day=day.isoformat())
