"""The answer promised within a time (`answer_within` of a procedure): due, near, late. Only the first answer counts.

It is not the legal clock of `clock.py`: nothing is decided when it ends, but the team is told, before and after.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import models, transaction
from django.utils import timezone

from etoile.gru.cases.clock.dates import Length
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import OPEN
from etoile.gru.notices.services import Recipient, send_later

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
    """Tell each team of the answers that become due or late, once each. Returns how many were told.

    One transaction a case: killed anywhere, what was told is not told again and the rest is at the next run.
    """
    now = now or timezone.now()
    told = 0
    for pk in _pending(now).order_by("answer_due_at").values_list("pk", flat=True)[:500]:
        with transaction.atomic():
            case = _pending(now).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            told += _warn(case, now) if case is not None else 0
    return told


def _pending(now: datetime) -> models.QuerySet[Case]:
    late = models.Q(answer_due_at__lte=now, answer_alert__lt=Alert.LATE)
    near = models.Q(answer_due_at__lte=now + NOTICE, answer_alert__lt=Alert.NEAR)
    running = Case.objects.filter(answered_at=None, state__in=[state.value for state in OPEN])
    return running.filter(late | near).select_related("authority", "team", "procedure_version__procedure")


def _warn(case: Case, now: datetime) -> int:
    alert = alert_of(case, now)
    Case.objects.filter(pk=case.pk).update(answer_alert=alert)
    log.warning("answer_promised", reference=case.reference, alert=alert.name.lower())
    if case.team is None or not case.team.email or case.answer_due_at is None:
        return 0
    # No `case_id`: the address it would print is the person's own key.
    send_later(
        case.authority,
        Recipient(name=case.team.name, email=case.team.email),
        TEMPLATES[alert],
        {
            "reference": case.reference,
            "procedure": case.procedure_version.name.raw(),
            "due_at": case.answer_due_at.isoformat(),
            "timezone": case.authority.timezone,
        },
    )
    return 1
