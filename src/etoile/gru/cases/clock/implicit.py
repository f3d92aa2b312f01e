"""The decision that silence makes (CRPA L231-1, L231-4): a dated event, made once its last day has ended.

An acceptance ends the case: rights are born, the person may ask for an attestation. A refusal does not: it opens the
delay of recourse, and the service may still answer, which is what the person waits for (docs/adr/0036).
"""

from datetime import UTC, date, datetime, time, timedelta

import structlog
from django.utils import timezone

from etoile.gru.cases import actors, due, events, letters, telling
from etoile.gru.cases.clock import running
from etoile.gru.cases.clock.silence import ACCEPT
from etoile.gru.cases.models import Case, Decision
from etoile.gru.cases.moves import Outgoing, move, write
from etoile.gru.cases.states import State

log = structlog.get_logger(__name__)

# The day begins up to 14 hours earlier somewhere: which cases are over is settled one by one, in their own time zone.
_EARLIEST = timedelta(hours=14)


def decide_due(now: datetime | None = None) -> int:
    """Make the decisions whose day has ended; how many."""
    now = now or timezone.now()
    ended = Case.objects.filter(silence_date__lt=(now.astimezone(UTC) + _EARLIEST).date(), implicit_on=None)
    return due.each(ended.exclude(running.elsewhere()), lambda case: _decide(case, now), by="silence_date")


def _decide(case: Case, now: datetime) -> bool:
    day = case.silence_date
    if day is None or day >= running.today(case, now):
        return False
    accepted = case.silence_regime == ACCEPT
    decision = Decision(
        case=case,
        outcome=State.ACCEPTED if accepted else State.REFUSED,
        reasons=letters.silence_reason(case, day),
        decided_at=_end_of(day, case),
        service=case.team.name if case.team else "",
        implicit=True,
    )
    decision.text = letters.implicit_decision(case, decision, day)
    case.implicit_on = day
    detail = {"decision": str(decision.id), "regime": case.silence_regime, "day": day.isoformat()}
    published = [Outgoing(events.DECIDED, events.decided(case, decision))]
    if accepted:
        move(case, "accept", actors.system(), detail=detail, changes={"implicit_on": day}, also=published)
    else:
        write(case, "implicit_refusal", actors.system(), fields=["implicit_on"], detail=detail, outgoing=published)
    decision.save(force_insert=True)
    telling.tell(case, "implicit_decision", regime=case.silence_regime, day=day.isoformat())
    log.warning("implicit_decision", reference=case.reference, regime=case.silence_regime, day=day.isoformat())
    return True


def _end_of(day: date, case: Case) -> datetime:
    """The last second of a local day."""
    return datetime.combine(day, time(23, 59, 59), case.authority.zone)
