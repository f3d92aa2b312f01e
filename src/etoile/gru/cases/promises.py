"""The answer promised within a time (`answer_within` of a procedure): due, near, late. Only the first answer counts.

It is not the legal clock of `clock`: nothing is decided when it ends, but the team is told, before and after.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import models
from django.utils import timezone

from etoile.gru.cases import due, telling
from etoile.gru.cases.clock.dates import Length
from etoile.gru.cases.models import Case

log = structlog.get_logger(__name__)

# Left when the team is warned: five days into the week that accessibility reports are promised.
NOTICE = timedelta(days=2)
# What an agent does that the person receives as an answer.
ANSWERS = frozenset({"message_posted", "wait", "accept", "refuse", "close"})


class Alert(models.IntegerChoices):
    NONE = 0
    NEAR = 1
    LATE = 2


TEMPLATES = {Alert.NEAR: "answer_near", Alert.LATE: "answer_late"}


def due_at(received_at: datetime, *, timezone_name: str, length: Length) -> datetime | None:
    """The same local hour, that much later; None when nothing is promised. `received_at` is aware."""
    if not length:
        return None
    local = received_at.astimezone(ZoneInfo(timezone_name))
    day = length.after(local.date())
    return local.replace(year=day.year, month=day.month, day=day.day)


def alert_of(case: Case, now: datetime) -> Alert:
    """Where the promise stands at `now`. An answered or ended case asks for nothing."""
    if case.answer_due_at is None or case.answered_at is not None or not case.is_open:
        return Alert.NONE
    if now >= case.answer_due_at:
        return Alert.LATE
    return Alert.NEAR if now >= case.answer_due_at - NOTICE else Alert.NONE


def warn_teams(now: datetime | None = None) -> int:
    """Tell each team of the answers that become due or late, once each. Returns how many were told."""
    now = now or timezone.now()
    late = models.Q(answer_due_at__lte=now, answer_alert__lt=Alert.LATE)
    near = models.Q(answer_due_at__lte=now + NOTICE, answer_alert__lt=Alert.NEAR)
    pending = Case.objects.filter(late | near, answered_at=None)
    return due.each(pending, lambda case: _warn(case, now), by="answer_due_at")


def _warn(case: Case, now: datetime) -> bool:
    alert = alert_of(case, now)
    Case.objects.filter(pk=case.pk).update(answer_alert=alert)
    log.warning("answer_promised", reference=case.reference, alert=alert.name.lower())
    if case.answer_due_at is None:
        return False
    return telling.tell_team(
        case, TEMPLATES[alert], due_at=case.answer_due_at.isoformat(), timezone=case.authority.timezone
    )
