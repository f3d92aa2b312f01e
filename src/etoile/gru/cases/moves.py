"""The one function that changes the state of a case, and the history row that every writing leaves.

Every write goes through `write`: compare-and-set on the version, one history row chained to the one before. The row of
the case is locked by that UPDATE until commit, so the events of one case enter the outbox in the order of `sequence`.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.cases import events, waits
from etoile.gru.cases.actors import Actor
from etoile.gru.cases.clock import running
from etoile.gru.cases.clock.silence import ACCEPT
from etoile.gru.cases.errors import StaleCase, TransitionRefused
from etoile.gru.cases.models import Case, History
from etoile.gru.cases.promises import ANSWERS
from etoile.gru.cases.states import OPEN, TRANSITIONS, ActorKind, State, Substate, Transition
from etoile.gru.cases.workflow import rules, timers
from etoile.gru.outbox.services import enqueue

# What an acceptance by silence, born and not made yet, does not let happen.
_AGAINST = frozenset({"refuse", "close", "transmit"})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event to publish with a write: its type and its data. `for_nobody`: no application has to receive it."""

    type: str
    data: Mapping[str, Any]
    for_nobody: bool = False


def locked(case_id: uuid.UUID, *, expected_version: int | None = None) -> Case:
    """The case, its row locked until the end of the transaction. Raises `StaleCase` when it is not the version
    read."""
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("authority", "procedure_version__procedure", "team")
        .get(pk=case_id)
    )
    if expected_version is not None and case.version != expected_version:
        raise StaleCase
    return case


def move(
    case: Case,
    verb: str,
    actor: Actor,
    *,
    transition: str = "",
    substate: str = Substate.NONE,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    also_write: Sequence[str] = (),
    also: Sequence[Outgoing] = (),
) -> None:
    """Move a case by a verb of the table: state, history row and outbox rows in one transaction, or nothing.

    `transition` names the step of the procedure's workflow that an agent makes; left out, the first that is open to
    them with this verb. `changes` are set on the case and written; `also_write` names fields that the caller has set
    already. A case that would wait for nothing waits for what is still asked of it (`waits`).
    Raises `TransitionRefused` (plain words) and `StaleCase`. A move that an application caused is not published: the
    application's own event is already in the hub, and repeating it would come back to its author.
    """
    line = _allowed(case, verb, actor, reason)
    step = rules.allowed(case, verb, actor, transition, reason)
    if step is not None and not step.is_usual:
        detail = {**(detail or {}), "transition": step.id}
    before, at = case.state, timezone.now()
    target = line.target or State(case.state)
    still = (substate or waits.left(case.pk)) if target in OPEN else Substate.NONE
    fields: dict[str, Any] = {"state": target, "substate": still}
    if target == State.IN_PROGRESS and case.started_at is None:
        fields["started_at"] = at
    if target not in OPEN:
        fields["decided_at"] = at
    elif before not in OPEN:
        fields["decided_at"] = None
    for name, value in {**fields, **(changes or {})}.items():
        setattr(case, name, value)
    also_write = [*also_write, *timers.schedule(case, at)]
    outgoing = list(also)
    if actor.kind != ActorKind.APPLICATION:
        outgoing.insert(0, Outgoing(events.STATUS_CHANGED, events.status_changed(case, at=at, message=reason)))
    write(
        case,
        verb,
        actor,
        at=at,
        fields=[*fields, *(changes or {}), *also_write],
        from_state=before,
        reason=reason,
        detail=detail,
        outgoing=outgoing,
    )


def write(
    case: Case,
    verb: str,
    actor: Actor,
    *,
    at: datetime | None = None,
    fields: Sequence[str] = (),
    from_state: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    outgoing: Sequence[Outgoing] = (),
) -> None:
    """Write the fields set on `case`, one history row and the events. Raises `StaleCase`, and writes nothing, when
    the case is no longer at the version read."""
    at = at or timezone.now()
    with transaction.atomic():
        seen = case.version
        row = next_row(case, verb, actor, at=at, from_state=from_state, reason=reason, detail=detail)
        first = case.sequence + 1
        case.version, case.sequence, case.updated_at = seen + 1, case.sequence + len(outgoing), at
        if actor.kind == ActorKind.AGENT and verb in ANSWERS and case.answered_at is None:
            case.answered_at, fields = at, [*fields, "answered_at"]
        names = {*fields, "version", "sequence", "updated_at", "history_number", "history_hash"}
        changed = Case.objects.filter(pk=case.pk, version=seen).update(**{name: getattr(case, name) for name in names})
        if not changed:
            raise StaleCase
        row.save(force_insert=True)
        publish(case, outgoing, first=first)


def publish(case: Case, outgoing: Sequence[Outgoing], *, first: int, first_id: uuid.UUID | None = None) -> None:
    """One outbox row an event; `first` is the sequence of the first one, `first_id` its id when already chosen."""
    for sequence, event in enumerate(outgoing, start=first):
        enqueue(
            event.type,
            subject=case.subject,
            authority=case.authority.siret,
            data=event.data,
            sequence=sequence,
            correlation_id=str(case.correlation) if case.correlation else None,
            id=first_id if sequence == first else None,
            for_nobody=event.for_nobody,
        )


def next_row(
    case: Case,
    verb: str,
    actor: Actor,
    *,
    at: datetime,
    from_state: str = "",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> History:
    """The next row of the chain, not yet written; the case's own end of chain is set to it."""
    row = History(
        case=case,
        number=case.history_number + 1,
        at=at,
        verb=verb,
        actor_kind=actor.kind,
        actor=actor.name[:200],
        account=actor.account,
        from_state=from_state or case.state,
        to_state=case.state,
        substate=case.substate,
        reason=reason,
        detail=dict(detail or {}),
        previous_hash=bytes(case.history_hash),
    )
    row.hash = seal(row)
    case.history_number, case.history_hash = row.number, row.hash
    return row


def seal(row: History) -> bytes:
    """SHA-256 of the row's content and of the hash before it: whoever holds the export can check it without us."""
    content = {
        "case": str(row.case_id),
        "number": row.number,
        "at": row.at.isoformat(),
        "verb": row.verb,
        "actor": [str(row.actor_kind), row.actor],
        "from": str(row.from_state),
        "to": str(row.to_state),
        "substate": str(row.substate),
        "reason": row.reason,
        "detail": row.detail,
        "previous": bytes(row.previous_hash).hex(),
    }
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).digest()


def _allowed(case: Case, verb: str, actor: Actor, reason: str) -> Transition:
    line = TRANSITIONS[verb]
    if case.state not in line.origins:
        word = State(case.state).label
        raise TransitionRefused(_("Cette action n'est pas possible : la demande est %(state)s.") % {"state": word})
    if actor.kind not in line.actors:
        raise TransitionRefused(_("Cette action ne vous est pas ouverte."))
    if line.reason_required and not reason.strip():
        raise TransitionRefused(_("Indiquez le motif : il sera communiqué à la personne."))
    if verb in _AGAINST and case.silence_regime == ACCEPT and running.has_decided(case, timezone.now()):
        raise TransitionRefused(
            _("Le délai de réponse s’est terminé le %(day)s : le silence du service vaut accord.")
            % {"day": case.silence_date.strftime("%d/%m/%Y")}
        )
    return line
