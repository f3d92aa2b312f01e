"""Which moves of its procedure's workflow a case has now, and for whom. Only agents are ruled by it: the person, the
applications, the clock and what the law gives to agents (asking for documents, transmitting) are not.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.access.rights import held_by
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.errors import TransitionRefused
from etoile.gru.cases.models import Case
from etoile.gru.cases.states import ActorKind
from etoile.gru.forms.evaluation import holds
from etoile.gru.forms.sensitive import open_sealed
from etoile.gru.forms.texts import Text
from etoile.gru.forms.workflow.shapes import RULED, Move, Workflow


def workflow_of(case: Case) -> Workflow:
    return case.procedure_version.definition.workflow


def roles_on(case: Case, account: Account | None) -> set[str]:
    """The roles an agent holds over a case: in its team, in a team of its sector, in the whole authority. One
    statement."""
    if account is None:
        return set()
    near = (
        Q(team__isnull=True) | Q(team_id=case.team_id) | Q(team__sector_id=case.sector_id, team__sector__isnull=False)
    )
    return set(held_by(account).filter(near).values_list("role", flat=True))


def open_moves(case: Case, account: Account | None, answers: Mapping[str, Any]) -> tuple[Move, ...]:
    """The moves this case has now for this agent, in the order of the procedure. `answers` in clear. A statement only
    when a move names roles."""
    here = [each for each in workflow_of(case).moves if case.state in each.origins]
    roles = roles_on(case, account) if any(each.who for each in here) else set()
    return tuple(each for each in here if _for(each, roles) and holds(each.when, answers))


def allowed(case: Case, verb: str, actor: Actor, transition: str, reason: str) -> Move | None:
    """The move an agent makes; None when the workflow does not rule this verb. Raises `TransitionRefused`."""
    if actor.kind != ActorKind.AGENT or verb not in RULED:
        return None
    found = chosen(case, verb, actor.account, transition)
    if found.reason and not reason.strip():
        raise TransitionRefused(_("Indiquez le motif : il sera communiqué à la personne."))
    return found


def chosen(case: Case, verb: str, account: Account | None, transition: str = "") -> Move:
    """The move of this name, else the first with this verb, that is open to this agent now. `TransitionRefused` says
    why there is none."""
    named = [each for each in workflow_of(case).moves if each.verb == verb and transition in ("", each.id)]
    moves = [each for each in named if case.state in each.origins]
    if not moves:
        raise TransitionRefused(_("Cette démarche ne prévoit pas cette étape ici."))
    roles = roles_on(case, account) if any(each.who for each in moves) else set()
    theirs = [each for each in moves if _for(each, roles)]
    if not theirs:
        raise TransitionRefused(_("Cette étape est réservée à un autre rôle que le vôtre."))
    answers = open_sealed(case.answers, holder=case.id) if any(each.when for each in theirs) else {}
    found = next((each for each in theirs if holds(each.when, answers)), None)
    if found is None:
        raise TransitionRefused(_("Les réponses de cette demande ne permettent pas cette étape."))
    return found


def words_of(case: Case, detail: Mapping[str, Any], *, done: bool = False) -> Text | None:
    """How the procedure names the step or the timer that a history row speaks of: the words for the person once it is
    `done`, else those of the button."""
    move = workflow_of(case).move(str(detail.get("transition", "")))
    if move is None:
        return None
    return (move.done or None) if done else (move.done or move.label or None)


def _for(move: Move, roles: Collection[str]) -> bool:
    return not move.who or not set(move.who).isdisjoint(roles)
