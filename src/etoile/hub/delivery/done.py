"""A try that is over, with what it is about."""

from dataclasses import dataclass

from etoile.contract.envelope import Event
from etoile.hub.delivery.engine import Result
from etoile.hub.registry.directory import SubscriptionView
from etoile.sdk import Returned


@dataclass(frozen=True, slots=True)
class Done:
    """A result with what it is about. `event` is None when the message could not be read.

    `probe`: the token of the probe of a circuit, when the try was one.
    """

    result: Result
    subscription: SubscriptionView
    event: Event | None
    returned: tuple[Returned, ...] = ()
    probe: int | None = None
