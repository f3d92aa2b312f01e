"""Which subscriptions take an event."""

from collections.abc import Iterator
from dataclasses import dataclass

from etoile.contract.envelope import Event
from etoile.expressions.cel import Prepared
from etoile.expressions.errors import ExpressionError
from etoile.hub.registry.directory import ApplicationView, Snapshot, SubscriptionView


@dataclass(frozen=True, slots=True)
class Match:
    """A subscription that takes an event. `failure`: its filter could not be evaluated, in the words of the error."""

    subscription: SubscriptionView
    failure: str = ""

    @property
    def held(self) -> bool:
        """Switched off, or in doubt: nothing is lost, nor shown to an application it may not be meant for."""
        return not self.subscription.active or bool(self.failure)


def matches(event: Event, application: ApplicationView, snapshot: Snapshot) -> Iterator[Match]:
    """Subscriptions of this type whose filter holds, never of the application that speaks, nor of another authority,
    nor of another application than the one it is for (`recipient`)."""
    prepared: Prepared | None = None
    for subscription in snapshot.subscriptions_for(event.type):
        receiver = subscription.application
        if receiver.id == application.id or event.authority not in receiver.authorities:
            continue
        if event.recipient and event.recipient != receiver.slug:
            continue
        if subscription.condition is None:
            yield Match(subscription)
            continue
        try:
            prepared = prepared or Prepared({"event": event.to_dict()})
            if subscription.condition.holds(prepared):
                yield Match(subscription)
        except ExpressionError as error:
            yield Match(subscription, failure=str(error))
