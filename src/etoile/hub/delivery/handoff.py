"""The hub tells the source of a message what becomes of it: one `handoff.changed` at each turn of a delivery."""

from datetime import datetime
from typing import Any

from etoile.contract.envelope import Event, make
from etoile.contract.wire import format_time
from etoile.hub.delivery.engine import Moved, Result
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.registry.directory import Snapshot, SubscriptionView

TYPE = "org.etoile.handoff.changed.v1"
SPEAKER = "hub"
LONGEST_DETAIL = 2000

# What the source reads for each state; a second retry tells it nothing new.
TOLD = {
    DeliveryState.RETRY_SCHEDULED: "waiting",
    DeliveryState.SENT: "sent",
    DeliveryState.ACKNOWLEDGED: "acknowledged",
    DeliveryState.REJECTED: "rejected",
    DeliveryState.DEAD: "dead",
    DeliveryState.CANCELLED: "cancelled",
}


def is_told(source: str, snapshot: Snapshot) -> bool:
    """Only who asked for it is told: the source of the message, by a subscription of its own. Never the hub itself."""
    return source != SPEAKER and any(
        subscription.application.slug == source for subscription in snapshot.subscriptions_for(TYPE)
    )


def of_result(
    result: Result, event: Event, subscription: SubscriptionView, *, now: datetime, again: bool = False
) -> Event | None:
    """What to say of a result just settled; None when the source has nothing new to learn. `again`: it is known that
    the delivery waits, though this try is not counted.
    """
    told = TOLD.get(result.state)
    if told is None or (told == "waiting" and (again or result.claim.tries > 1)):
        return None
    return _event(
        event,
        subscription,
        now=now,
        delivery=str(result.claim.id),
        state=told,
        external_id=result.external_id,
        detail=result.message,
        attempts=result.claim.number,
    )


def of_decision(
    moved: Moved, event: Event, subscription: SubscriptionView, state: DeliveryState, reason: str, *, now: datetime
) -> Event:
    """What to say of a delivery a person, or its receiver, settled."""
    return _event(
        event,
        subscription,
        now=now,
        delivery=str(moved.id),
        state=TOLD[state],
        external_id=moved.external_id,
        detail=reason,
        attempts=moved.attempts,
    )


def _event(event: Event, subscription: SubscriptionView, *, now: datetime, detail: str, **known: Any) -> Event:
    case = event.data.get("case")
    named = {name: case[name] for name in ("id", "reference") if name in case} if isinstance(case, dict) else {}
    data = {
        "case": named,
        "message": {"source": event.source, "id": event.id, "type": event.type},
        "application": {"slug": subscription.application.slug, "name": subscription.application.name},
        "subscription": subscription.slug,
        "detail": detail[:LONGEST_DETAIL],
        "occurred_at": format_time(now),
        **known,
    }
    return make(
        TYPE,
        source=SPEAKER,
        subject=event.subject,
        authority=event.authority,
        correlationid=event.correlationid,
        data={name: value for name, value in data.items() if value not in (None, "")},
        time=now,
    )
