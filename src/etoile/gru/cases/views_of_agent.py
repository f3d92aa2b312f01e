"""What an agent sees of a case: everything, with where each delivery to an application stands."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from etoile.gru.access.rights import Right
from etoile.gru.cases.clock import running
from etoile.gru.cases.clock.running import Receipts
from etoile.gru.cases.clock.silence import Silence
from etoile.gru.cases.models import Case, Decision, DocumentRequest, Handoff, History, Message, SourcePosition
from etoile.gru.cases.states import DECISION_VERBS, TRANSITIONS, ActorKind
from etoile.gru.documents.models import Document
from etoile.gru.forms.sensitive import open_sealed
from etoile.gru.notices.models import Notice
from etoile.gru.people.models import Attribute

# The rights one acts on a case with.
ACTING: tuple[Right, ...] = ("cases.treat", "cases.decide")


@dataclass(frozen=True, slots=True)
class AgentCase:
    """The page of one case. `rights` are those held on it, `verbs` the moves they allow now; `version` goes back with
    each of them."""

    case: Case
    version: int
    answers: dict[str, Any]
    applicant: dict[str, Attribute]
    documents: tuple[Document, ...]
    history: tuple[History, ...]
    messages: tuple[Message, ...]
    requests: tuple[DocumentRequest, ...]
    handoffs: tuple[Handoff, ...]
    positions: tuple[SourcePosition, ...]
    decisions: tuple[Decision, ...]
    notices: tuple[Notice, ...]
    rights: frozenset[Right]
    verbs: tuple[str, ...]
    recourse_enforceable: bool
    clock: Silence
    receipts: Receipts | None


def agent_view(case: Case, rights: Set[Right]) -> AgentCase:
    """Read the case as its agents do: ten statements, whatever it holds. `receipts` is None once the receipt left."""
    notices = tuple(Notice.objects.filter(case_id=case.id).order_by("created_at"))
    requests = tuple(case.document_requests.all())
    # CRPA L112-12: the delay of recourse runs against the person only when the receipt left.
    told = any(each.template == "registration_receipt" and each.state in {"sent", "portal_only"} for each in notices)
    return AgentCase(
        case=case,
        version=case.version,
        answers=open_sealed(case.answers, holder=case.id),
        applicant={each.key: each for each in Attribute.objects.filter(person_id=case.person_id)},
        documents=tuple(Document.objects.filter(holder=case.id)),
        history=tuple(case.history.all()),
        messages=tuple(case.messages.all()),
        requests=requests,
        handoffs=tuple(case.handoffs.all()),
        positions=tuple(case.positions.all()),
        decisions=tuple(case.decisions.all()),
        notices=notices,
        rights=frozenset(rights),
        verbs=verbs_of(case, rights),
        recourse_enforceable=told,
        clock=running.read(case, requests),
        receipts=None if told else running.receipts(case),
    )


def verbs_of(case: Case, rights: Set[Right]) -> tuple[str, ...]:
    """The moves the table opens, in this state, to an agent who holds these rights on the case."""
    return tuple(
        line.verb
        for line in TRANSITIONS.values()
        if case.state in line.origins
        and ActorKind.AGENT in line.actors
        and line.verb != "resume"
        and right_for(line.verb) in rights
    )


def right_for(verb: str) -> Right:
    return "cases.decide" if verb in DECISION_VERBS.values() or verb == "reopen" else "cases.treat"
