"""The clock of one case: what silence is worth, from what the case and its requests for documents say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from etoile.gru.access import closing
from etoile.gru.cases.clock import working_days
from etoile.gru.cases.clock.dates import length
from etoile.gru.cases.clock.silence import NONE, Missing, Silence, silence
from etoile.gru.cases.models import Case, DocumentRequest, History
from etoile.gru.cases.states import State, Substate

FIELDS = ("silence_regime", "silence_date", "silence_alert", "first_received_on", "competent_on")


@dataclass(frozen=True, slots=True)
class Receipts:
    """Last days on which the two receipts of the law may leave (CRPA R112-11-1, R112-11-4)."""

    registration: date
    acknowledgement: date


def read(case: Case, requests: Iterable[DocumentRequest] = ()) -> Silence:
    """`requests` are those of the case, whatever their state. No statement."""
    legal = case.procedure_version.definition.silence
    zone = case.authority.zone
    received = received_on(case)
    missing = (_missing(each, zone) for each in requests if _counts(each))
    return silence(
        legal.regime,
        length(legal.duration),
        first=case.first_received_on or received,
        competent=case.competent_on or received,
        missing=missing,
    )


def start(case: Case) -> None:
    """Set the clock of a case that is being made."""
    found = read(case)
    case.silence_regime, case.silence_date = found.regime, found.date


def reckon(case: Case) -> tuple[str, ...]:
    """Set the date again after what may change it; the names of the fields to write. One statement.

    Once the decision by silence is born, made yet or not, its date is history, and an answer given ended the silence:
    nothing moves it.
    """
    if case.silence_regime == NONE or has_decided(case, timezone.now()):
        return ()
    before = case.silence_date
    found = read(case, DocumentRequest.objects.filter(case=case))
    case.silence_regime, case.silence_date = found.regime, found.date
    if found.date != before:
        case.silence_alert = 0
    return FIELDS


def restart(case: Case, now: datetime) -> None:
    """Set the clock of a case that is opened again. The authority answered: silence decides nothing any more. The
    person had given up: the delay runs anew from this day."""
    if case.state == State.WITHDRAWN and case.implicit_on is None:
        case.first_received_on = case.competent_on = today(case, now)
        case.silence_date = None
        reckon(case)
    else:
        case.silence_regime, case.silence_date = NONE, None


def has_decided(case: Case, now: datetime) -> bool:
    """The decision by silence is born: it was made, or its last day has ended and the worker will make it."""
    if case.implicit_on is not None:
        return True
    return case.silence_date is not None and case.silence_date < today(case, now) and not is_elsewhere(case)


def was_answered(case: Case) -> bool:
    """The authority answered, then opened the case again: silence decides nothing any more. One statement."""
    return History.objects.filter(case=case, verb="reopen").exclude(from_state=State.WITHDRAWN).exists()


def is_elsewhere(case: Case) -> bool:
    """The case is with the authority that may decide: what its silence is worth is not ours to say. One statement, when
    it says it is transferred."""
    return case.substate == Substate.TRANSFERRED and Case.objects.filter(elsewhere(), pk=case.pk).exists()


def elsewhere() -> Q:
    """The same, of many. An application that says `transferred` passes the case on within our authority."""
    passed_on = History.objects.filter(case=OuterRef("pk"), verb="transmit")
    return Q(substate=Substate.TRANSFERRED) & Q(Exists(passed_on))


def receipts(case: Case) -> Receipts:
    authority = case.authority
    place, closed = working_days.place_of(authority.insee), closing.days(authority)
    due = working_days.receipts_due(case.submitted_at, timezone=authority.timezone, place=place, closed=closed)
    return Receipts(*due)


def received_on(case: Case) -> date:
    """The local day on which this authority received the request."""
    return case.submitted_at.astimezone(case.authority.zone).date()


def today(case: Case, now: datetime) -> date:
    """The day it is for the authority of the case."""
    return now.astimezone(case.authority.zone).date()


def _counts(request: DocumentRequest) -> bool:
    return request.indispensable and request.state != DocumentRequest.State.CANCELLED


def _missing(request: DocumentRequest, zone: ZoneInfo) -> Missing:
    return Missing(request.asked_at.astimezone(zone).date(), request.deadline, request.produced(zone))
