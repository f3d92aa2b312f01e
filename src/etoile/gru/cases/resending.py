"""A request published once more as it is now: another application may have to receive it."""

from collections.abc import Mapping, Sequence
from typing import Any

from etoile.gru.cases import events, filing, leaving
from etoile.gru.cases.models import Case, Handoff
from etoile.gru.cases.moves import Outgoing
from etoile.gru.contracts.grants import Known
from etoile.gru.contracts.subjects import subject
from etoile.gru.documents.models import Document
from etoile.gru.forms.decisions import Quote
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.outbox.services import amend, receivers_of

AGENTS_ALONE = "team"
_UNDER_WAY = (Handoff.State.WAITING, Handoff.State.SENT, Handoff.State.ACKNOWLEDGED, Handoff.State.HELD)


def holder(case: Case) -> str:
    """The name of an application that has the request, or may still receive it; empty when none. One statement."""
    found = Handoff.objects.filter(case=case, state__in=_UNDER_WAY, message_type=events.SUBMITTED).first()
    return (found.application_name or found.application) if found is not None else ""


def is_with_nobody(case: Case) -> bool:
    """Whether no application has the request, nor may receive it. Known, not supposed: until the hub has said who takes
    what was published, somebody may; what was refused may be sent again by an operator. Two statements."""
    receivers = receivers_of(case.subject, events.SUBMITTED)
    told = list(Handoff.objects.filter(case=case, message_type=events.SUBMITTED).values_list("state", flat=True))
    given_up = all(each == Handoff.State.CANCELLED for each in told)
    return receivers is not None and given_up and receivers <= len(told)


def is_followed(version: ProcedureVersion) -> bool:
    """Whether applications have to receive its requests."""
    return version.definition.treatment != AGENTS_ALONE


def submitted(case: Case, answers: Mapping[str, Any], documents: Sequence[Document], price: Quote) -> Outgoing:
    """As an application that never had it receives it. `answers` in clear."""
    who = subject(case.person_id)  # type: ignore[attr-defined]
    return sent(case, who.kind, who.known, answers, documents, price)


def again(case: Case, answers: Mapping[str, Any], documents: Sequence[Document], price: Quote) -> list[Outgoing]:
    """A request that is with nobody, as it is now, for the hub to find its receiver; nothing to publish when what was
    not offered to the hub yet says it."""
    now = submitted(case, answers, documents, price)
    return [] if amend(case.subject, now.type, now.data) else [now]


def sent(
    case: Case,
    kind: str,
    known: Mapping[str, Known],
    answers: Mapping[str, Any],
    documents: Sequence[Document],
    price: Quote | None,
) -> Outgoing:
    """What applications receive of a request, asked by somebody of this `kind`, of whom this is `known`. What agents
    alone treat is told, so that others may follow it; the hub has nobody to look for."""
    version, grant = case.procedure_version, leaving.granted(case)
    applicant = filing.applicant_data(case, kind, known, grant)
    data = events.submitted(case, version, applicant, answers, documents, grant, price)
    return Outgoing(events.SUBMITTED, data, for_nobody=not is_followed(version))
