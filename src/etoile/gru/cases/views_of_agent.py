"""What an agent sees of a case: everything, with where each delivery to an application stands."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from etoile.gru.access.models import Account
from etoile.gru.access.rights import Right
from etoile.gru.cases.clock import running
from etoile.gru.cases.clock.running import Receipts
from etoile.gru.cases.clock.silence import Silence
from etoile.gru.cases.models import Case, Decision, DocumentRequest, Handoff, History, Message, SourcePosition
from etoile.gru.cases.states import TRANSITIONS, ActorKind
from etoile.gru.cases.workflow.rules import open_moves
from etoile.gru.documents.models import Document
from etoile.gru.forms.sensitive import open_sealed
from etoile.gru.forms.workflow.checks import right_of
from etoile.gru.forms.workflow.shapes import RULED, Move
from etoile.gru.notices.models import Notice
from etoile.gru.people.models import Attribute
from etoile.gru.people.queries import attributes

# Moves that follow from something else: nobody makes them by themselves.
FOLLOWING = frozenset({"resume", "opinion_given", "opinion_revoked"})
# The rights one acts on a case with.
ACTING: tuple[Right, ...] = ("cases.treat", "cases.decide")


@dataclass(frozen=True, slots=True)
class AgentCase:
    """The page of one case. `rights` are those held on it, `moves` the steps of the
    procedure they allow now, `verbs` those of the table; `version` goes back with
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
    moves: tuple[Move, ...]
    verbs: tuple[str, ...]
    recourse_enforceable: bool
    clock: Silence
    receipts: Receipts | None

    def has(self, *verbs: str) -> bool:
        """Whether one of these is in its history: what comes of it need not be looked for otherwise."""
        return any(row.verb in verbs for row in self.history)


def agent_view(case: Case, rights: Set[Right], account: Account | None = None) -> AgentCase:
    """Read the case as its agents do: ten statements, whatever it holds, one more when its workflow names roles.

    `receipts` is None once the receipt left.
    """
    notices = tuple(Notice.objects.filter(case_id=case.id).order_by("created_at"))
    requests = tuple(case.document_requests.all())
    # CRPA L112-12: the delay of recourse runs against the person only when the receipt left.
    told = any(each.template == "registration_receipt" and each.state in {"sent", "portal_only"} for each in notices)
    answers = open_sealed(case.answers, holder=case.id)
    moves = tuple(each for each in open_moves(case, account, answers) if right_of(each.verb) in rights)
    return AgentCase(
        case=case,
        version=case.version,
        answers=answers,
        applicant=attributes(case.person_id),
        documents=tuple(Document.objects.filter(holder=case.id)),
        history=tuple(case.history.all()),
        messages=tuple(case.messages.all()),
        requests=requests,
        handoffs=tuple(case.handoffs.all()),
        positions=tuple(case.positions.all()),
        decisions=tuple(case.decisions.all()),
        notices=notices,
        rights=frozenset(rights),
        moves=moves,
        verbs=verbs_of(case, rights, moves),
        recourse_enforceable=told,
        clock=running.read(case, requests),
        receipts=None if told else running.receipts(case),
    )


def verbs_of(case: Case, rights: Set[Right], moves: Sequence[Move]) -> tuple[str, ...]:
    """The moves the table opens, in this state, to an agent who holds these rights on the case: those its procedure
    rules are among `moves`."""
    open_now = {each.verb for each in moves}
    return tuple(
        line.verb
        for line in TRANSITIONS.values()
        if case.state in line.origins
        and ActorKind.AGENT in line.actors
        and line.verb not in FOLLOWING
        and (line.verb in open_now if line.verb in RULED else right_of(line.verb) in rights)
    )
