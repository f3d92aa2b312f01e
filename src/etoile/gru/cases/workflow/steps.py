"""A step of the workflow that an agent makes: the move and everything that follows it, in one transaction."""

import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Team
from etoile.gru.cases import actors, asking, telling
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, DocumentRequest
from etoile.gru.cases.moves import locked, move
from etoile.gru.cases.states import State, Substate
from etoile.gru.cases.typed import readable
from etoile.gru.cases.workflow import rules
from etoile.gru.forms.workflow.shapes import Move

# The delay of L114-5 for documents that a step asks, as on the form of the agents.
DELAY = timedelta(days=30)
TAKEN = ("start", "step")


def take(
    case_id: uuid.UUID, account: Account, transition: str = "", *, reason: str = "", expected_version: int | None = None
) -> Case:
    """Make a step that is neither a decision nor a reopening; left out, the one that takes the case up.

    What follows it (documents asked, team that takes over, words to the person) is that of the procedure's version.
    """
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        step = _step(case, account, transition)
        request = _ask(case, account, step)
        changes = _changes(case, account, step)
        move(
            case,
            step.verb,
            actors.agent(account),
            transition=step.id,
            substate=_substate(case, step),
            reason=readable(reason),
            detail={**(asking.detail(request) if request else {}), **_handed(changes)},
            changes=changes,
            also_write=running.FIELDS if request else (),
        )
        _tell(case, step, request)
    return case


def _step(case: Case, account: Account, transition: str) -> Move:
    named = rules.workflow_of(case).move(transition) if transition else None
    if named is None and not transition:
        # On a case that is not new, any of them: the table of moves refuses it in its own words.
        starts = (each for each in rules.workflow_of(case).moves if each.verb == "start")
        named = rules.chosen(case, "start", account) if case.state == State.SUBMITTED else next(starts, None)
    if named is None or named.verb not in TAKEN:
        raise CaseError(_("Cette démarche ne prévoit pas cette étape."))
    return named


def _ask(case: Case, account: Account, step: Move) -> DocumentRequest | None:
    if not step.documents:
        return None
    listed = [each for each in case.procedure_version.definition.documents if each.id in step.documents]
    items = [{"name": str(each.label.fr), "indispensable": each.indispensable} for each in listed]
    deadline = running.today(case, timezone.now()) + DELAY
    return asking.ask(case, account, asking.checked(items, deadline), deadline, "")


def _changes(case: Case, account: Account, step: Move) -> dict[str, Any]:
    if step.team and (case.team is None or case.team.slug != step.team):
        return handed_to(case, step.team)
    return {"assignee": account} if step.verb == "start" else {}


def handed_to(case: Case, slug: str) -> dict[str, Any]:
    """What changes when another team takes over; nobody follows the case until somebody there takes it up.
    Raises `CaseError` when there is no such team any more."""
    team = Team.objects.filter(authority_id=case.authority_id, slug=slug).first()
    if team is None:
        raise CaseError(_("Le service « %(slug)s » n'existe plus.") % {"slug": slug})
    return {"team": team, "sector_id": team.sector_id, "assignee": None}


def _handed(changes: dict[str, Any]) -> dict[str, str]:
    return {"to": changes["team"].name} if "team" in changes else {}


def _substate(case: Case, step: Move) -> str:
    """Documents still awaited stay awaited."""
    if step.documents:
        return Substate.DOCUMENTS_ASKED
    if step.waits_for:
        return step.waits_for
    return Substate.DOCUMENTS_ASKED if case.substate == Substate.DOCUMENTS_ASKED else Substate.NONE


def _tell(case: Case, step: Move, request: DocumentRequest | None) -> None:
    """The person hears of what concerns them: documents to send, words of the procedure, the beginning of the work."""
    if request is not None:
        telling.tell(case, "document_asked", deadline=request.deadline.isoformat())
    if step.message is not None:
        telling.tell(case, "status_changed", own=step.message)
    elif request is None and (step.verb == "start" or step.waits_for == Substate.PAYMENT_DUE):
        telling.tell(case, "status_changed")
