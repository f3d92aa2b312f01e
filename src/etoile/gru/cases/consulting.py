"""A case waits for an opinion, or no longer does; `case` is locked, in the caller's transaction.

What is asked and answered is a room above (`opinions`). The legal clock does not stop: consulting is the authority's
own business, and the law gives it no time for that.
"""

import uuid
from datetime import date
from typing import Any

from etoile.gru.access.models import Account
from etoile.gru.cases import actors, telling
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import move, write
from etoile.gru.cases.states import ActorKind, Substate

# What the person, or another administration, is waited for is said first.
_STRONGER = frozenset({Substate.DOCUMENTS_ASKED, Substate.PAYMENT_DUE, Substate.TRANSFERRED})


def ask(case: Case, account: Account, opinion: uuid.UUID, *, to: str, deadline: date) -> None:
    substate = case.substate if case.substate in _STRONGER else Substate.OPINION_ASKED
    detail = {"opinion": str(opinion), "to": to, "deadline": deadline.isoformat()}
    move(case, "opinion_asked", actors.agent(account), substate=substate, detail=detail)


def given(case: Case, author: str, opinion: uuid.UUID, *, words: str, left: bool) -> None:
    """`left`: others are still awaited. The history says which way it goes, to agents."""
    _heard(case, "opinion_given", Actor(ActorKind.AGENT, author), {"opinion": str(opinion), "why": words}, left)
    telling.tell_team(case, "opinion_given")


def revoked(case: Case, account: Account, opinion: uuid.UUID, *, to: str, left: bool) -> None:
    _heard(case, "opinion_revoked", actors.agent(account), {"opinion": str(opinion), "to": to}, left)


def _heard(case: Case, verb: str, actor: Actor, detail: dict[str, Any], left: bool) -> None:
    if case.is_open and case.substate == Substate.OPINION_ASKED and not left:
        move(case, verb, actor, detail=detail)
    else:
        write(case, verb, actor, detail=detail)
