"""From what a connector, or an application that pulls, says of a try to the state of the delivery."""

from typing import Any

from etoile.hub.delivery.engine import Claim, Result
from etoile.hub.delivery.schedule import DELAYS, next_delay
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.registry.directory import SubscriptionView
from etoile.sdk import Outcome, OutcomeKind

LONGEST_WORDS = 2000

STATES = {
    OutcomeKind.ACKNOWLEDGED: DeliveryState.ACKNOWLEDGED,
    OutcomeKind.ACCEPTED: DeliveryState.SENT,
    OutcomeKind.FIX_DATA: DeliveryState.REJECTED,
    OutcomeKind.FIX_CONFIGURATION: DeliveryState.REJECTED,
    OutcomeKind.BUSINESS_NO: DeliveryState.REJECTED,
    OutcomeKind.MANUAL: DeliveryState.REJECTED,
}


def result_of(
    outcome: Outcome,
    claim: Claim,
    subscription: SubscriptionView,
    *,
    took: float | None = None,
    exchange: dict[str, Any] | None = None,
) -> Result:
    """The result to settle. A retry has its delay; after the last one it is dead; switched off, it is held.

    `took`: seconds of the try, None when it lasted since the claim. `exchange`: see `evidence`.
    """
    kind = OutcomeKind(outcome.kind)
    state, delay = STATES.get(kind), None
    if state is None:
        state, delay = _after_a_failure(outcome, claim, subscription)
    return Result(
        claim=claim,
        state=state,
        outcome=kind.value,
        message=_text(outcome.message),
        detail=_text(outcome.detail),
        delay=delay,
        external_id=_text(outcome.external_id or "") or None,
        http_status=outcome.http_status,
        took=took,
        exchange=exchange,
        retry_after=outcome.retry_after,
    )


def exhausted(claim: Claim, subscription: SubscriptionView) -> bool:
    """True if more tries began than the list of delays has: each time, the worker went before it could say."""
    return claim.tries > len(subscription.policy.delays or DELAYS)


def given_back(claim: Claim) -> Result:
    """A claim that was not tried: it returns to its lane, as if it had not been claimed."""
    return Result(claim=claim, state=DeliveryState.PENDING)


def _after_a_failure(
    outcome: Outcome, claim: Claim, subscription: SubscriptionView
) -> tuple[DeliveryState, float | None]:
    delays = subscription.policy.delays or DELAYS
    delay = next_delay(claim.tries, delays=delays, retry_after=outcome.retry_after)
    if delay is None:
        return DeliveryState.DEAD, None
    return (DeliveryState.RETRY_SCHEDULED, delay) if subscription.active else (DeliveryState.HELD, None)


def _text(words: str) -> str:
    # PostgreSQL refuses the character NUL in a text, and what an application answers may hold anything.
    return str(words).replace("\x00", "")[:LONGEST_WORDS]
