"""Opening an ended case again: an agent for a reason, or the person who gave it up or did not answer in time."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, telling
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.clock import running
from etoile.gru.cases.errors import TransitionRefused
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import locked, move
from etoile.gru.cases.states import State
from etoile.gru.cases.typed import readable

# How long a person may take their own request up again; afterwards a new one is clearer for everybody.
FOR_PERSON = timedelta(days=60)
# An acceptance or a refusal is contested by an appeal, whose delays the letter gives: never by opening it again.
_TAKEN_BACK = frozenset({State.WITHDRAWN, State.CLOSED})


def reopen(case_id: uuid.UUID, account: Account, *, reason: str, expected_version: int | None = None) -> Case:
    """A final case goes back to work; its history and its decision stay."""
    with transaction.atomic():
        case = locked(case_id, expected_version=expected_version)
        _open_again(case, actors.agent(account), reason)
    return case


def take_back(case_id: uuid.UUID, actor: Actor, *, reason: str) -> Case:
    """The person takes up a request that they withdrew, or that was closed without decision; the team is told.

    Raises `TransitionRefused` in plain words: without a reason, too late, or once it was decided.
    """
    with transaction.atomic():
        case = locked(case_id)
        if not may_be_taken_back(case, timezone.now()):
            raise TransitionRefused(_("Cette demande ne peut plus être rouverte. Vous pouvez en faire une nouvelle."))
        if not readable(reason):
            raise TransitionRefused(_("Dites au service pourquoi vous reprenez votre demande."))
        _open_again(case, actor, reason)
        telling.tell_team(case, "case_reopened")
    return case


def may_be_taken_back(case: Case, now: datetime) -> bool:
    return case.state in _TAKEN_BACK and case.decided_at is not None and now - case.decided_at <= FOR_PERSON


def _open_again(case: Case, actor: Actor, reason: str) -> None:
    running.restart(case, timezone.now())
    move(case, "reopen", actor, reason=readable(reason), also_write=running.FIELDS)
    telling.tell(case, "status_changed")
