"""The run of one lane: its deliveries one after the other, the next only when the one before was received."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from etoile.hub.delivery.circuits import STOPPED
from etoile.hub.delivery.done import Done
from etoile.hub.delivery.engine import Claim
from etoile.hub.delivery.judging import given_back, result_of
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.registry.directory import SubscriptionView
from etoile.sdk import Outcome

Try = Callable[[Claim, SubscriptionView], Awaitable[Done]]
CUT_SHORT = Outcome.retry("Le hub s'est arrêté pendant l'envoi ; un nouvel essai est prévu.", detail=STOPPED)
GOES_ON = (DeliveryState.ACKNOWLEDGED, DeliveryState.SENT)


class Lane:
    """A run of claims of one subscription and one subject, held under a lease that is pushed on while it lasts."""

    def __init__(self, claims: Sequence[Claim], subscription: SubscriptionView) -> None:
        self.subscription = subscription
        self.waiting = list(claims)
        self.stopping = False
        self._renew()

    @property
    def held(self) -> list[Claim]:
        """What is still under lease: in progress or to come."""
        return list(self.waiting)

    def extended(self, kept: set[UUID]) -> None:
        """The database says which of `held` are still ours; what is lost is not called."""
        self.waiting = [claim for claim in self.waiting if claim.id in kept]
        self._renew()

    @property
    def needs_more(self) -> bool:
        """True once a third of the lease is used."""
        return time.monotonic() > self._renewed + self.subscription.policy.lease / 3

    def _renew(self) -> None:
        self._renewed = time.monotonic()

    @property
    def _lapsed(self) -> bool:
        """True when the lease may have ended: another worker may be calling already."""
        return time.monotonic() > self._renewed + self.subscription.policy.lease

    async def run(self, attempt: Try, settle: Callable[[Done], None]) -> None:
        """Deliver in order; at the first that does not pass, or when it must stop, give back the rest."""
        while self.waiting and not self.stopping and not self._lapsed:
            claim = self.waiting[0]
            try:
                done = await attempt(claim, self.subscription)
            except asyncio.CancelledError:
                done = Done(result_of(CUT_SHORT, claim, self.subscription), self.subscription, None)
            settle(done)
            # It may be gone already, when the database said during the call that its lease was lost.
            if self.waiting and self.waiting[0] is claim:
                del self.waiting[0]
            if done.result.state not in GOES_ON:
                break
        for claim in self.waiting:
            settle(Done(given_back(claim), self.subscription, None))
        self.waiting = []
