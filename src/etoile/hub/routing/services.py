"""The only acceptance of the hub: an event in, its message, deliveries and journal entry out, in one transaction.

The API passes here, and so does the worker with what connectors bring back, inside the transaction that settles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog

from etoile.contract.envelope import Event
from etoile.contract.identifiers import uuid7
from etoile.hub.delivery import engine, strange
from etoile.hub.delivery.engine import NewDelivery
from etoile.hub.delivery.strange import Strange
from etoile.hub.journal import services as journal
from etoile.hub.journal.services import NewMessage
from etoile.hub.registry.directory import ApplicationView, Snapshot
from etoile.hub.routing.identities import Restored, restore
from etoile.hub.routing.matching import Match, matches

log = structlog.get_logger("etoile.routing")

CASE = "org.etoile.case.submitted.v1"
STATUS = "org.etoile.case.status_changed.v1"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of an event: the hub's id of it, whether it was known already, and the deliveries made just now."""

    message_id: UUID
    duplicate: bool
    deliveries: int


class ConflictError(Exception):
    """The key (source, id) is taken by other content. `index` is the place of the event in what was given."""

    def __init__(self, index: int, event: Event) -> None:
        super().__init__(f"the event {event.id} of {event.source} was accepted before with other content")
        self.index = index
        self.event = event


@dataclass(frozen=True, slots=True)
class Plan:
    """An event, the id it gets if it is new, and who takes it."""

    message_id: UUID
    item: Restored
    matches: tuple[Match, ...]


def accept(cursor: Any, event: Event, *, application: ApplicationView, snapshot: Snapshot) -> Acceptance:
    """Accept one event in the name of `application`. See `accept_many`."""
    return accept_many(cursor, [event], application=application, snapshot=snapshot)[0]


def accept_many(
    cursor: Any, events: Sequence[Event], *, application: ApplicationView, snapshot: Snapshot
) -> list[Acceptance]:
    """Accept events in the name of `application`, all or nothing, in the caller's transaction.

    The caller has checked that the application may say this; here identifiers of persons become the hub's own, the
    deliveries are decided and everything is written: two statements, one more when an event was known. No subscription
    takes an event: it is kept all the same, `unrouted`, or `kept` when nobody had to receive it. Raises
    ConflictError, ForeignIdentifierError.
    """
    return _write(cursor, [restore(event, application) for event in events], application, snapshot)


def _write(
    cursor: Any, items: Sequence[Restored], application: ApplicationView, snapshot: Snapshot
) -> list[Acceptance]:
    plans: dict[tuple[str, str], Plan] = {}
    for index, item in enumerate(items):
        key = (item.event.source, item.event.id)
        if key not in plans:
            plans[key] = Plan(uuid7(), item, tuple(matches(item.event, application, snapshot)))
        elif plans[key].item.digest != item.digest:
            raise ConflictError(index, item.event)
    messages = [_message(plan, application) for plan in plans.values()]
    new = journal.append(cursor, messages, actor=application.slug, now=datetime.now(UTC))
    accepted = [plan for plan in plans.values() if plan.message_id in new]
    strangers = _strangers(cursor, accepted, application)
    deliveries = [_delivery(plan, match, plan.message_id in strangers) for plan in accepted for match in plan.matches]
    if deliveries:
        engine.submit(cursor, deliveries)
    _tell_failures(cursor, accepted, application)
    return _answers(cursor, items, plans, new)


def _answers(
    cursor: Any, items: Sequence[Restored], plans: dict[tuple[str, str], Plan], new: set[UUID]
) -> list[Acceptance]:
    repeated = [key for key, plan in plans.items() if plan.message_id not in new]
    known = journal.known(cursor, repeated) if repeated else {}
    answers = []
    told: set[UUID] = set()
    for index, item in enumerate(items):
        key = (item.event.source, item.event.id)
        if key not in known:
            plan = plans[key]
            repeat = plan.message_id in told
            answers.append(Acceptance(plan.message_id, repeat, 0 if repeat else len(plan.matches)))
            told.add(plan.message_id)
        elif known[key].digest == item.digest:
            answers.append(Acceptance(known[key].message_id, True, 0))
        else:
            raise ConflictError(index, item.event)
    return answers


def _strangers(cursor: Any, plans: Sequence[Plan], application: ApplicationView) -> set[UUID]:
    """The answers about a case nobody ever spoke of here: kept back until it is known, or somebody looks.

    Who submits cases speaks of its own. Without a number of the application, the receiver is left to judge.
    """
    if CASE in application.emits:
        return set()
    said = [(plan, plan.item.event.data.get("external_id")) for plan in plans if plan.item.event.type == STATUS]
    numbered = [(plan, str(number)) for plan, number in said if number and plan.matches]
    if not numbered:
        return set()
    places = strange.unplaced(cursor, application, [(number, plan.item.event.subject) for plan, number in numbered])
    unknown = [numbered[place] for place in sorted(places)]
    strange.keep(cursor, [_stranger(plan, number, application) for plan, number in unknown])
    return {plan.message_id for plan, _ in unknown}


def _stranger(plan: Plan, number: str, application: ApplicationView) -> Strange:
    status = str(plan.item.event.data.get("status", ""))
    return Strange(application, strange.UNKNOWN_CASE, status, external_id=number, message_id=plan.message_id)


def _tell_failures(cursor: Any, plans: Sequence[Plan], application: ApplicationView) -> None:
    for plan in plans:
        if not plan.matches and _expected(plan.item.event, application):
            log.warning("message.unrouted", message_id=str(plan.message_id), message_type=plan.item.event.type)
        for match in plan.matches:
            if match.failure:
                detail = {"subscription": match.subscription.slug, "error": match.failure}
                journal.record(cursor, "filter.failed", actor="hub", message_id=plan.message_id, detail=detail)


def _message(plan: Plan, application: ApplicationView) -> NewMessage:
    event = plan.item.event
    return NewMessage(
        id=plan.message_id,
        source=event.source,
        event_id=event.id,
        type=event.type,
        subject=event.subject,
        authority=event.authority,
        sequence=event.sequence,
        correlation_id=event.correlationid,
        routed=bool(plan.matches),
        expected=_expected(event, application),
        payload=plan.item.payload,
        digest=plan.item.digest,
        reference=_reference(event),
        subscriptions=tuple(match.subscription.id for match in plan.matches),
    )


def _expected(event: Event, application: ApplicationView) -> bool:
    """Whether somebody has to receive it: neither its contract nor the event itself says the contrary."""
    return event.type not in application.unexpected and not event.for_nobody


def _reference(event: Event) -> str | None:
    case = event.data.get("case")
    reference = case.get("reference") if isinstance(case, dict) else None
    return reference if isinstance(reference, str) and reference else None


def _delivery(plan: Plan, match: Match, stranger: bool) -> NewDelivery:
    return NewDelivery(
        id=uuid7(),
        message_id=plan.message_id,
        subscription_id=match.subscription.id,
        application_id=match.subscription.application.id,
        subject=plan.item.event.subject,
        held=match.held or stranger,
        ordered=match.subscription.ordered,
        doubtful=bool(match.failure) or stranger,
    )
