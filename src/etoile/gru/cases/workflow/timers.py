"""What time does in one situation of a case: when the next timer of its procedure goes off.

Three columns of the case say it, written by the move itself: no timer is lost, and none outlives its situation.
"""

from datetime import datetime, timedelta

from etoile.gru.cases.clock.dates import length
from etoile.gru.cases.models import Case
from etoile.gru.cases.promises import due_at
from etoile.gru.forms.workflow.shapes import Timer

FIELDS = ("waiting_since", "timers_fired", "timer_at")
# A run this late shifts what follows: a reminder that left late leaves the person the same time to answer.
LATE = timedelta(days=1)


def applicable(case: Case) -> list[tuple[datetime, Timer]]:
    """The timers of the situation the case is in, with the moment of each, first one first. No statement."""
    since = case.waiting_since
    if since is None:
        return []
    found = []
    for each in case.procedure_version.definition.workflow.timers:
        at = due_at(since, timezone_name=case.authority.timezone, length=length(each.after))
        if at is not None and case.state in each.origins and each.waiting == case.substate:
            found.append((at, each))
    return sorted(found, key=lambda timed: timed[0])


def schedule(case: Case, at: datetime) -> tuple[str, ...]:
    """A new situation begins: its timers start from here. The names of the fields to write."""
    if not case.procedure_version.definition.workflow.timers and case.timer_at is None:
        return ()
    case.waiting_since, case.timers_fired = at, 0
    return _next(case)


def advance(case: Case, now: datetime) -> tuple[str, ...]:
    """The timer that was due went off: on to the next one."""
    if case.timer_at is not None and case.waiting_since is not None and now - case.timer_at > LATE:
        case.waiting_since += now - case.timer_at
    case.timers_fired += 1
    return _next(case)


def _next(case: Case) -> tuple[str, ...]:
    following = applicable(case)[case.timers_fired :]
    case.timer_at = following[0][0] if following else None
    return FIELDS
