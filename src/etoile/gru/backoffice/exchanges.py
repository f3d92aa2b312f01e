"""What was sent of a case to each business application, and what it answered, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.parts import Cell, TimelineEntry
from etoile.gru.backoffice import reading
from etoile.gru.cases import events
from etoile.gru.cases.models import Handoff, History
from etoile.gru.cases.states import ActorKind
from etoile.gru.cases.views_of_agent import AgentCase

HUB = "hub"
WHAT = {
    events.SUBMITTED: gettext_lazy("La demande"),
    events.WITHDRAWN: gettext_lazy("Le retrait de la demande"),
    events.STATUS_CHANGED: gettext_lazy("Un changement d’état"),
    events.MESSAGE_POSTED: gettext_lazy("Un message"),
    events.DOCUMENT_ADDED: gettext_lazy("Un document"),
    events.DECIDED: gettext_lazy("La décision"),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery: what, where it stands, in words."""

    what: str
    state: Cell
    at: datetime
    detail: str


@dataclass(slots=True)
class Exchange:
    """With one application: its number for the case, what was sent to it, what it answered, both newest first."""

    application: str
    number: str = ""
    sent: list[Sent] = field(default_factory=list)
    answers: list[TimelineEntry] = field(default_factory=list)


def exchanges(view: AgentCase) -> list[Exchange]:
    """In the order in which the applications came in. No statement."""
    found: dict[str, Exchange] = {}
    for row in view.handoffs:
        known = found.setdefault(row.application, Exchange(row.application_name or row.application))
        known.number = row.external_id or known.number
        known.sent.insert(0, _sent(row))
    for answer in _answers(view.history):
        names = {each.application: each for each in found.values()} | found
        with_whom = names.get(answer.actor) or found.setdefault(answer.actor, Exchange(answer.actor))
        with_whom.answers.insert(0, reading.entry(view.case, answer))
    return list(found.values())


def _answers(history: Iterable[History]) -> Iterable[History]:
    return (row for row in history if row.actor_kind == ActorKind.APPLICATION and row.actor != HUB)


def _sent(row: Handoff) -> Sent:
    state = Handoff.State(row.state)
    return Sent(
        what=str(WHAT.get(row.message_type) or _("Un évènement")),
        state=Cell(str(state.label), tone=reading.HANDOFF_TONES[state]),
        at=row.occurred_at,
        detail=row.detail,
    )
