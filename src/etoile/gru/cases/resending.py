"""A request published once more as it is now: another application may have to receive it."""

from collections.abc import Mapping, Sequence
from typing import Any

from etoile.gru.cases import events, filing, leaving
from etoile.gru.cases.models import Case, Handoff
from etoile.gru.cases.moves import Outgoing
from etoile.gru.contracts.subjects import subject
from etoile.gru.documents.models import Document
from etoile.gru.forms.decisions import Quote
from etoile.gru.forms.models import ProcedureVersion

AGENTS_ALONE = "team"
_UNDER_WAY = (Handoff.State.WAITING, Handoff.State.SENT, Handoff.State.ACKNOWLEDGED, Handoff.State.HELD)


def holder(case: Case) -> str:
    """The name of an application that has the request, or may still receive it; empty when none. One statement."""
    found = Handoff.objects.filter(case=case, state__in=_UNDER_WAY, message_type=events.SUBMITTED).first()
    return (found.application_name or found.application) if found is not None else ""


def is_followed(version: ProcedureVersion) -> bool:
    """Whether applications have to receive its requests."""
    return version.definition.treatment != AGENTS_ALONE


def submitted(case: Case, answers: Mapping[str, Any], documents: Sequence[Document], price: Quote) -> Outgoing:
    """As an application that never had it receives it. `answers` in clear."""
    version = case.procedure_version
    who = subject(case.person_id)  # type: ignore[attr-defined]
    grant = leaving.granted(case)
    applicant = filing.applicant_data(case, who.kind, who.known, grant)
    data = events.submitted(case, version, applicant, answers, documents, grant, price)
    return Outgoing(events.SUBMITTED, data, for_nobody=not is_followed(version))
