"""The workflow of a procedure: its words for the fixed states, the moves its agents have, and what time does.

The states are those of every case; a procedure names them, and says who moves a request from one to another, when, and
what follows. What the law gives stays whatever it says: asking for documents, transmitting, the person's withdrawal,
the word of a business application, the decision born of silence.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from etoile.gru.forms.rules import Tree, Wording
from etoile.gru.forms.texts import NOTHING, Text

SUBMITTED, IN_PROGRESS = "submitted", "in_progress"
ACCEPTED, REFUSED, CLOSED, WITHDRAWN = "accepted", "refused", "closed", "withdrawn"
OPEN, FINAL = (SUBMITTED, IN_PROGRESS), (ACCEPTED, REFUSED, CLOSED, WITHDRAWN)
STATES = (*OPEN, *FINAL)
DOCUMENTS_ASKED, OPINION_ASKED, PAYMENT_DUE, TRANSFERRED = (
    "documents_asked", "opinion_asked", "payment_due", "transferred",
)  # fmt: skip
SUBSTATES = (DOCUMENTS_ASKED, OPINION_ASKED, PAYMENT_DUE, TRANSFERRED)
# What only the person can end: what may close a request without an answer.
OF_THE_PERSON = (DOCUMENTS_ASKED, PAYMENT_DUE)
REMIND, ESCALATE, CLOSE = "remind", "escalate", "close"
ACTIONS = (REMIND, ESCALATE, CLOSE)
# The verbs whose moves a procedure rules, and those that are a decision, with its letter.
DECIDING = {ACCEPTED: "accept", REFUSED: "refuse", CLOSED: "close"}
RULED = ("start", "step", *DECIDING.values(), "reopen")


@dataclass(frozen=True, slots=True)
class Situation:
    """How the procedure names a state, or what a request waits for; `explanation` is read by the person."""

    label: Text = NOTHING
    explanation: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the agents. `who`: roles, empty for whoever may treat or decide; `when`: about the answers; `done`:
    what the history and the person read once it is made; `documents` are asked and `team` takes over (slugs)."""

    id: str
    verb: str
    origins: Set[str]
    target: str
    label: Text = NOTHING
    done: Text = NOTHING
    who: tuple[str, ...] = ()
    when: Tree | None = None
    reason: bool = False
    waits_for: str = ""
    message: Wording | None = None
    documents: tuple[str, ...] = ()
    team: str = ""

    @property
    def is_usual(self) -> bool:
        return self.id == self.verb


@dataclass(frozen=True, slots=True)
class Timer:
    """`after` an ISO 8601 duration in one situation: `do` remind, escalate (to `team`) or close. `waiting`: what is
    waited for, empty for nothing in particular."""

    id: str
    after: str
    origins: Set[str]
    waiting: str
    do: str
    team: str = ""
    reason: Text = NOTHING
    message: Wording | None = None


USUAL_MOVES = (
    Move("start", "start", frozenset({SUBMITTED}), IN_PROGRESS),
    Move("accept", "accept", frozenset(OPEN), ACCEPTED),
    Move("refuse", "refuse", frozenset(OPEN), REFUSED, reason=True),
    Move("close", "close", frozenset(OPEN), CLOSED, reason=True),
    Move("reopen", "reopen", frozenset(FINAL), IN_PROGRESS, reason=True),
)


@dataclass(frozen=True, slots=True)
class Workflow:
    """`states` by state or substate; what it does not name keeps its usual words."""

    states: Mapping[str, Situation] = field(default_factory=dict)
    moves: tuple[Move, ...] = USUAL_MOVES
    timers: tuple[Timer, ...] = ()

    def move(self, identifier: str) -> Move | None:
        return next((each for each in self.moves if each.id == identifier), None)

    def situation(self, state: str, substate: str = "") -> Situation:
        """The words of what the request waits for, else of its state."""
        return self.states.get(substate or state, _UNNAMED)

    @property
    def teams(self) -> tuple[str, ...]:
        return tuple(each.team for each in (*self.moves, *self.timers) if each.team)


_UNNAMED = Situation()
USUAL = Workflow()
