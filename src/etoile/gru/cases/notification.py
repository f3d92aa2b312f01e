"""The decision received on line in the place of a registered letter (CRPA L112-15): agreed to, announced, opened.

All of it is in the history of the case, sealed with the rest: who agreed, when, until when, and when each decision was
opened for the first time. The agreement is asked case by case and may be ended at any moment.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.cases import letters
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, Decision, History
from etoile.gru.cases.moves import locked, write

AGREED, ENDED, OPENED = "notification_agreed", "notification_ended", "decision_opened"
_VERBS = (AGREED, ENDED, OPENED)


@dataclass(frozen=True, slots=True)
class Standing:
    """`agreed_at`: since when the person agrees, None when they do not. `opened`: decision (its id) → first opening."""

    agreed_at: datetime | None
    opened: Mapping[str, datetime]

    def awaits(self, decision: Decision) -> bool:
        """Notified on line, and not opened yet: its text is shown once the person opens it, which is then dated. What
        silence decided is notified by nobody."""
        agreed = self.agreed_at is not None and self.agreed_at <= decision.decided_at
        return agreed and not decision.implicit and str(decision.pk) not in self.opened


def standing(history: Iterable[History]) -> Standing:
    """From the rows of a case in their order. No statement."""
    agreed: datetime | None = None
    opened: dict[str, datetime] = {}
    for row in history:
        if row.verb in {AGREED, ENDED}:
            agreed = row.at if row.verb == AGREED else None
        elif row.verb == OPENED:
            opened.setdefault(str(row.detail.get("decision")), row.at)
    return Standing(agreed, opened)


def choose(case_id: uuid.UUID, actor: Actor, *, agrees: bool) -> None:
    """Agree, or end the agreement at once; said again, nothing is written. Raises `CaseError` in plain words."""
    with transaction.atomic():
        case = locked(case_id)
        if agrees == (_of(case).agreed_at is not None):
            return
        if agrees and not (case.is_open and case.contact_email):
            raise CaseError(_("Cela se choisit avant la décision, avec une adresse électronique."))
        write(case, AGREED if agrees else ENDED, actor)


def open_decision(case_id: uuid.UUID, actor: Actor, number: int) -> None:
    """The person opens a decision, `number` from 1: its date is kept, with the SHA-256 of what they read."""
    with transaction.atomic():
        case = locked(case_id)
        decision = next((each for at, each in enumerate(case.decisions.all(), start=1) if at == number), None)
        if decision is not None and _of(case).awaits(decision):
            detail = {"decision": str(decision.pk), "sha256": letters.digest(decision.text)}
            write(case, OPENED, actor, detail=detail)


def announced(case: Case, decision: Decision) -> dict[str, Any]:
    """What the e-mail says of a decision put at the disposal of whoever agreed; empty for the others. One statement."""
    if not _of(case).awaits(decision):
        return {}
    return {"available_at": decision.decided_at.isoformat(), "timezone": case.authority.timezone}


def _of(case: Case) -> Standing:
    return standing(History.objects.filter(case=case, verb__in=_VERBS).order_by("number"))
