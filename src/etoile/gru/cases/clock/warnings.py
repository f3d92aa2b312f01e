"""The team is told before silence decides for it: fifteen days before, then three."""

from datetime import UTC, date, datetime, timedelta

import structlog
from django.db import models, transaction
from django.utils import timezone

from etoile.gru.cases.clock import running
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import OPEN
from etoile.gru.notices.services import Recipient, send_later

log = structlog.get_logger(__name__)

# Days left -> how far the team has been told, kept on the case.
LEVELS = {15: 1, 3: 2}
_BATCH = 500


def level(left: int) -> int:
    """How far a team is to be told with so many days left; 0 when it is early."""
    return max((told for days, told in LEVELS.items() if left <= days), default=0)


def warn_teams(now: datetime | None = None) -> int:
    """Tell each team once a level, by e-mail; how many were told."""
    now = now or timezone.now()
    told = 0
    for pk in _due(now).order_by("silence_date").values_list("pk", flat=True)[:_BATCH]:
        with transaction.atomic():
            case = _due(now).select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
            told += case is not None and _warn(case, now)
    return told


def _due(now: datetime) -> models.QuerySet[Case]:
    day = now.astimezone(UTC).date()
    late = models.Q()
    for days, known in LEVELS.items():
        late |= models.Q(silence_date__lte=day + timedelta(days=days), silence_alert__lt=known)
    return Case.objects.filter(late, implicit_on=None, state__in=sorted(each.value for each in OPEN)).select_related(
        "authority", "team", "procedure_version__procedure"
    )


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
    if case.team is None or not case.team.email:
        return False
    # No `case_id`: the address it would print is the person's own key.
    send_later(
        case.authority,
        Recipient(name=case.team.name, email=case.team.email),
        "silence_near",
        {
            "reference": case.reference,
            "procedure": case.procedure_version.name.raw(),
            "regime": case.silence_regime,
            "day": day.isoformat(),
        },
    )
    return True
