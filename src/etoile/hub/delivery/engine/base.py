"""The seam: who delivers what, when. The journal, the states and the leases are in PostgreSQL whatever the engine.

A `DeliveryEngine` keeps the record: its functions work on a DB-API cursor (`%s`), inside the caller's transaction, and
none of them waits for a network. A `Feed`, made by the engine for one worker, is how what is due reaches that worker:
here engines differ. Whatever brought a delivery, it is lent by the engine's `claim`, and only what is lent is sent.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery.states import DeliveryState

T = TypeVar("T")
Lane = tuple[int, str]  # (subscription, subject)
Ready = Callable[[Iterable[int] | None], None]  # what may be claimed now: these subscriptions, or None: perhaps any
FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)
INTERRUPTED = "interrupted"  # the outcome of a try that nobody ended: perhaps received


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One message for one subscription.

    `held`: not to leave yet, because the subscription is switched off, or because (`doubtful`) it is not known whether
    the application may see it: then only a person lets it go. `ordered`: its lane is kept in order.
    """

    id: UUID
    message_id: UUID
    subscription_id: int
    application_id: int
    subject: str
    held: bool = False
    ordered: bool = True
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What a worker will take for one subscription: `room` lanes at most, each leased for `lease` seconds.

    `run`: at most so many deliveries of one lane, when it is fewer than the claim says.
    """

    subscription_id: int
    room: int
    ordered: bool
    lease: float
    run: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery lent to a worker until its lease ends. `token` fences it: a later claim has a greater one.

    `number` counts all its attempts, `tries` those since a person last asked to send it again. `payload` is the
    event as it was accepted (JSON), None when the journal does not hold it any more. `attempt_id` is the key its
    attempt will have once it is settled; until then the lease itself is the trace of the try.
    """

    id: UUID
    message_id: UUID
    subscription_id: int
    application_id: int
    subject: str
    position: int
    token: int
    number: int
    tries: int
    worker: str
    payload: str | None
    attempt_id: UUID = field(default_factory=uuid7)

    @property
    def lane(self) -> Lane:
        return (self.subscription_id, self.subject)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claim. `state` PENDING gives back what was not tried: it leaves no attempt.

    `delay`: seconds before the next try, for RETRY_SCHEDULED. `outcome`: the kind of sdk.Outcome. `message` is for an
    agent (French), `detail` for a technician. `took`: seconds of the try; None when it lasted since the claim.
    `exchange`: what was said over the network, redacted (see `delivery.evidence`).
    `retry_after`: seconds the application asked to be left alone.
    """

    claim: Claim
    state: DeliveryState
    outcome: str = ""
    message: str = ""
    detail: str = ""
    delay: float | None = None
    external_id: str | None = None
    http_status: int | None = None
    took: float | None = None
    exchange: Mapping[str, Any] | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The deliveries whose result counted, and the subscriptions where a following delivery may now leave."""

    deliveries: frozenset[UUID] = frozenset()
    woken: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Selection:
    """Which deliveries a person means: all the criteria given must hold; `ids` empty means any.

    `words`: these, in what was said of its failure. `since` included, `until` not: when the delivery was made.
    """

    ids: Sequence[UUID] = ()
    message_id: UUID | None = None
    subscription_id: int | None = None
    application_id: int | None = None
    states: Sequence[DeliveryState] = ()
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """How many deliveries, and the first and last of their ids when there are any."""

    number: int
    first: UUID | None = None
    last: UUID | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A delivery a person moved, as it was before."""

    id: UUID
    message_id: UUID
    subscription_id: int
    application_id: int
    subject: str
    attempts: int
    external_id: str | None
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class SubscriptionStats:
    """Depth of one subscription: its open deliveries by state, and when the oldest of them was made."""

    subscription_id: int
    by_state: Mapping[str, int]
    oldest: datetime | None


class Transact(Protocol):
    """Runs work on a cursor in a transaction of its own, and gives what it returned."""

    def __call__(self, work: Callable[[Any], T], /) -> Awaitable[T]: ...


class Feed(Protocol):
    """How what is due reaches one worker. What it does not bring in time, or brings twice, changes no guarantee."""

    async def claim(self, shares: Sequence[Share], *, run: int, most: int) -> list[Claim]:
        """Lend what is due within these shares, as `DeliveryEngine.claim` does. Called again whenever `ready` was."""

    async def run(self) -> None:
        """Until cancelled: whatever the feed needs beside the claims. Survives the loss of its servers."""


class DeliveryEngine(Protocol):
    def feed(self, worker: str, *, claiming: Transact, offering: Transact, ready: Ready) -> Feed:
        """The feed of one worker. `claiming` and `offering` are two connections; `ready` is called from its loop."""

    def submit(self, cursor: Any, items: Sequence[NewDelivery]) -> None:
        """Inside the accepting transaction, which holds the locks of the subjects: nothing shows before it commits."""

    def claim(
        self,
        cursor: Any,
        worker: str,
        shares: Sequence[Share],
        *,
        run: int = 20,
        most: int = 512,
        among: Sequence[UUID] | None = None,
    ) -> list[Claim]:
        """Lend what is due. In the order of each lane, at most `run` of one lane.

        `among`: only the lanes which one of these deliveries begins.
        The lease is the trace of the try. One that ended without a result leaves an attempt INTERRUPTED.
        """

    def settle(self, cursor: Any, results: Sequence[Result]) -> Settled:
        """Write the attempts; move the deliveries whose token is still in force, and let the lanes go on."""

    def extend(self, cursor: Any, claims: Sequence[Claim], lease: float) -> set[UUID]:
        """Push the end of leases still in force to `lease` seconds from now. Returns the deliveries extended."""

    def hold(self, cursor: Any, subscriptions: Sequence[int]) -> int:
        """Keep what waits for these subscriptions."""

    def release(self, cursor: Any, subscriptions: Sequence[int]) -> int:
        """Let go what was held for these subscriptions."""

    def waiting(self, cursor: Any, subscriptions: Sequence[int]) -> set[int]:
        """Those of these subscriptions for which something may leave, now or later."""

    def hasten(self, cursor: Any, subscriptions: Sequence[int], *, first: bool = False) -> None:
        """What is to be tried again later is due now; or, if nothing of a subscription is due, the `first` of them."""

    def spare(self, cursor: Any, ids: Sequence[UUID]) -> None:
        """The last try of these deliveries is not counted: the list of delays stays where it was."""

    def select(
        self,
        cursor: Any,
        selection: Selection,
        states: Sequence[DeliveryState],
        limit: int,
        *,
        after: UUID = FIRST,
        last: UUID = LAST,
    ) -> list[Moved]:
        """The deliveries of a selection that are in one of these states, in the order of their ids, after the first and
        up to the last. `ids` of the selection: as many as `limit` at most, they are read again at each call.
        """

    def span(self, cursor: Any, selection: Selection, states: Sequence[DeliveryState]) -> Span:
        """How many a selection means, in one of these states, and between which ids."""

    def replay(self, cursor: Any, ids: Sequence[UUID]) -> list[Moved]:
        """Send again, from the start of the list of delays."""

    def cancel(self, cursor: Any, ids: Sequence[UUID], reason: str) -> list[Moved]:
        """Close without delivering; a worker's late answer changes nothing."""

    def stats(self, cursor: Any) -> list[SubscriptionStats]:
        """Depth, oldest and stuck, by subscription."""

    def reconcile(self, cursor: Any) -> int:
        """Offer again what should be due and is not. Returns how many."""
