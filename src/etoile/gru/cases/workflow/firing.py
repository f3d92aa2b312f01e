"""The timers that are due: each goes off once, with its effect, in the transaction that moves the case to the next."""

from datetime import datetime, time, timedelta
from typing import Any

import structlog
from django.db import models
from django.utils import timezone, translation

from etoile.gru.cases import actors, due, telling
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.moves import move, write
from etoile.gru.cases.workflow import timers
from etoile.gru.cases.workflow.steps import handed_to
from etoile.gru.forms.workflow.shapes import CLOSE, ESCALATE, OF_THE_PERSON, Timer

log = structlog.get_logger(__name__)


def fire_due(now: datetime | None = None) -> int:
    """Let go off what is due; how many did."""
    now = now or timezone.now()
    return due.each(Case.objects.filter(timer_at__lte=now), lambda case: _fire_next(case, now), by="timer_at")


def _fire_next(case: Case, now: datetime) -> bool:
    timed = timers.applicable(case)[case.timers_fired :]
    if not timed:
        Case.objects.filter(pk=case.pk).update(timer_at=None)
        return False
    return _fire(case, timed[0][1], now)


def _fire(case: Case, timer: Timer, now: datetime) -> bool:
    if timer.do == CLOSE:
        return _close(case, timer, now)
    fields = timers.advance(case, now)
    detail: dict[str, Any] = {"timer": timer.id}
    if timer.do == ESCALATE:
        changes = _taken_over(case, timer)
        for name, value in changes.items():
            setattr(case, name, value)
        fields, detail = (*fields, *changes), {**detail, "to": case.team.name if case.team else ""}
        write(case, "escalated", actors.system(), fields=fields, detail=detail)
        telling.tell_team(case, "case_escalated")
    else:
        write(case, "reminded", actors.system(), fields=fields, detail=detail)
        if case.substate in OF_THE_PERSON:
            telling.tell(case, "reminder", own=timer.message)
        else:
            telling.tell_team(case, "case_waiting")
    log.info("timer", reference=case.reference, timer=timer.id, does=timer.do)
    return True


def _taken_over(case: Case, timer: Timer) -> dict[str, Any]:
    """A team that is no more takes nothing over: the one in charge is told, and the other cases go on."""
    try:
        return handed_to(case, timer.team)
    except CaseError as error:
        log.error("timer_without_team", reference=case.reference, timer=timer.id, why=str(error))
        return {}


def _close(case: Case, timer: Timer, now: datetime) -> bool:
    """Never before the last day given for the documents has ended."""
    zone = case.authority.zone
    asked = DocumentRequest.objects.filter(case=case, state=DocumentRequest.State.OPEN)
    last = asked.aggregate(last=models.Max("deadline"))["last"]
    if last is not None and last >= now.astimezone(zone).date():
        later = datetime.combine(last + timedelta(days=1), time(), zone)
        Case.objects.filter(pk=case.pk).update(timer_at=later)
        return False
    with translation.override(case.language):
        reason = str(timer.reason)
    move(case, "close", actors.system(), reason=reason, detail={"timer": timer.id, "label": reason})
    telling.tell(case, "decision")
    log.info("timer", reference=case.reference, timer=timer.id, does=timer.do)
    return True
