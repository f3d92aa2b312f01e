"""One try: the message prepared for its receiver, the connector called, whatever happens turned into an outcome.

The lease is in the database already, and is the trace of the try. No connection is held during the call.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import structlog

from etoile.contract.envelope import Event
from etoile.contract.signature import SignatureError
from etoile.hub.delivery import evidence, stored
from etoile.hub.delivery.circuits import DOCUMENT
from etoile.hub.delivery.done import Done
from etoile.hub.delivery.engine import INTERRUPTED, Claim, Result
from etoile.hub.delivery.judging import exhausted, result_of
from etoile.hub.delivery.prepare import prepare
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.delivery.stored import UnreadableError
from etoile.hub.registry.directory import Snapshot, SubscriptionView
from etoile.hub.worker.calls import Calls, NotConfigured
from etoile.sdk import DocumentError, DoorError, MappingError, Outcome, OutcomeKind
from etoile.sdk.answers import without_answer
from etoile.sdk.exchanges import Call, recorded

log = structlog.get_logger("etoile.hub.worker")

FAULTY = "Le connecteur a rencontré une erreur ; un nouvel essai est prévu."
TOO_LONG = "L'application n'a pas répondu à temps ; un nouvel essai est prévu."
LOST = "L'envoi a été interrompu à chaque essai ; une personne doit regarder pourquoi."
UNREADABLE = "Le message ne peut pas être lu."


async def attempt(claim: Claim, subscription: SubscriptionView, snapshot: Snapshot, calls: Calls) -> Done:
    """One try of one delivery. Never raises, except when it is cancelled."""
    started = time.monotonic()
    event = _read(claim)
    if event is None:
        return _done(Outcome.fix_data(UNREADABLE), claim, subscription, None, started)
    if exhausted(claim, subscription):
        result = Result(claim, DeliveryState.DEAD, outcome=INTERRUPTED, message=LOST, took=0.0)
        return Done(result, subscription, event)
    with recorded() as exchanged:
        try:
            outcome = await _call(claim, event, subscription, snapshot, calls)
        except Exception as error:
            outcome = _failure(error, subscription)
    exchange = _evidence(exchanged, event, subscription, outcome)
    return _done(outcome, claim, subscription, event, started, exchange)


async def _call(
    claim: Claim, event: Event, subscription: SubscriptionView, snapshot: Snapshot, calls: Calls
) -> Outcome:
    connector = calls.connector(subscription)
    prepared = prepare(event, subscription, snapshot, now=time.time())
    context = calls.context(subscription, key=claim.id, attempt=claim.number, event=prepared)
    async with asyncio.timeout(subscription.policy.timeout):
        outcome = await connector.deliver(prepared, context)
    if not isinstance(outcome, Outcome):
        raise TypeError("a connector returns an Outcome")
    return outcome


def _failure(error: Exception, subscription: SubscriptionView) -> Outcome:
    kind = type(error).__name__
    if isinstance(error, NotConfigured):
        return Outcome.fix_configuration(error.message, error.detail)
    if isinstance(error, MappingError):
        return Outcome.fix_configuration(
            "La correspondance des champs ne s'applique pas à ce message.", f"mapping: {error}"
        )
    if isinstance(error, SignatureError):
        return Outcome.fix_configuration("Les adresses des pièces ne peuvent pas être signées.", f"signature: {error}")
    if isinstance(error, DoorError):
        return without_answer(error)
    if isinstance(error, DocumentError):
        return Outcome.retry(error.message, detail=DOCUMENT) if error.retry else Outcome.fix_data(error.message)
    if isinstance(error, TimeoutError):
        return Outcome.retry(TOO_LONG, detail=f"{subscription.policy.timeout:g} s")
    log.exception("worker.connector_failed", connector=subscription.connector, subscription=subscription.slug)
    return Outcome.retry(FAULTY, detail=kind)


def _evidence(
    exchanged: Sequence[Call], event: Event, subscription: SubscriptionView, outcome: Outcome
) -> dict[str, Any] | None:
    """What may be kept of the exchanges. What cannot be redacted is not kept, and the result is settled as well."""
    try:
        return evidence.of(exchanged, event, subscription, succeeded=OutcomeKind(outcome.kind).settles)
    except Exception as error:
        log.warning("worker.evidence_not_kept", error=type(error).__name__, subscription=subscription.slug)
        return None


def _read(claim: Claim) -> Event | None:
    try:
        return stored.read(claim.payload)
    except UnreadableError:
        return None


def _done(
    outcome: Outcome,
    claim: Claim,
    subscription: SubscriptionView,
    event: Event | None,
    started: float,
    exchange: dict[str, Any] | None = None,
) -> Done:
    result = result_of(outcome, claim, subscription, took=time.monotonic() - started, exchange=exchange)
    return Done(result, subscription, event, tuple(outcome.returned))
