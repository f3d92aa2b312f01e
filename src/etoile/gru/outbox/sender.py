"""The loop that publishes the outbox: woken by the database at each commit, with a poll as a safety net.

Killed between the hub's answer and our mark, it publishes the same id again: the hub answers `duplicate`.
"""

import random
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from etoile.contract.envelope import Event
from etoile.gru.outbox import queue
from etoile.gru.outbox.doors import Hub, HubRefused, HubUnavailable, connect
from etoile.gru.outbox.queue import Claimed
from etoile.gru.outbox.wakeup import Wakeup

log = structlog.get_logger(__name__)

BATCH = 100
POLL = 5.0
# Seconds between tries while the hub is away; a little at random, so that many senders do not come back at once.
DELAYS = (1, 2, 4, 8, 15, 30)
# The hub's state or ours, not this event's fault: everything waits, nothing is set aside.
_NOT_THE_EVENT = frozenset({401, 408, 425, 429})


@dataclass
class Sender:
    """`run` until `stop`; `once` publishes what may leave now and returns how many events the hub took."""

    hub_factory: Callable[[], Hub] = connect
    stopped: threading.Event = field(default_factory=threading.Event)
    wakeup: Wakeup = field(default_factory=Wakeup)
    failures: int = 0
    _hub: Hub | None = None

    def run(self) -> None:
        """Publish until stopped; survives the hub, the network and the database going away and coming back."""
        while not self.stopped.is_set():
            try:
                busy = self.once() > 0
            except HubUnavailable as error:
                self._pause("outbox_hub_unavailable", error)
                continue
            except DatabaseError as error:
                self._pause("outbox_database_unavailable", error)
                continue
            except Exception as error:
                # Whatever it is, citizens' requests must go on leaving: say it loudly, wait, start again.
                log.exception("outbox_unexpected")
                self._pause("outbox_unexpected", error)
                continue
            self.failures = 0
            if not busy:
                self.wakeup.wait(POLL, self.stopped)
        self.wakeup.close()
        connection.close()

    def stop(self) -> None:
        """Ask `run` to end; the exchange in progress is finished first."""
        self.stopped.set()
        self.wakeup.wake()

    def once(self) -> int:
        """One claim, one exchange or a few. Raises `HubUnavailable` after giving the events back."""
        close_old_connections()
        lease = uuid.uuid4()
        claimed = queue.claim(lease, BATCH)
        if not claimed:
            return 0
        try:
            return self._publish(claimed, lease)
        except HubUnavailable as error:
            queue.release(lease, problem={"detail": str(error)[:300]})
            raise
        finally:
            close_old_connections()

    def _publish(self, claimed: Sequence[Claimed], lease: uuid.UUID) -> int:
        events = [Event.from_json(row.body.encode()) for row in claimed]
        if len(events) > 1:
            try:
                receipts = self._door().publish_batch(events)
            except HubRefused as error:
                _raise_unless_about_the_event(error)
                log.warning("outbox_batch_refused", count=len(events))
            else:
                queue.mark_sent({row.position: each.deliveries for row, each in zip(claimed, receipts, strict=True)})
                return len(claimed)
        return self._one_by_one(claimed, events, lease)

    def _one_by_one(self, claimed: Sequence[Claimed], events: Sequence[Event], lease: uuid.UUID) -> int:
        """One bad event must not hold the others: only what follows it about the same subject waits."""
        blocked: set[str] = set()
        sent = 0
        for row, event in zip(claimed, events, strict=True):
            if row.subject in blocked:
                continue
            try:
                receipt = self._door().publish(event)
            except HubRefused as error:
                _raise_unless_about_the_event(error)
                blocked.add(row.subject)
                queue.mark_refused(row.position, lease, error.problem.to_dict())
                log.error("outbox_refused", event_id=str(row.id), event_type=event.type, status=error.problem.status)
            else:
                queue.mark_sent({row.position: receipt.deliveries})
                sent += 1
        queue.release(lease)
        return sent

    def _door(self) -> Hub:
        if self._hub is None:
            self._hub = self.hub_factory()
        return self._hub

    def _pause(self, what: str, error: Exception) -> None:
        wait = getattr(error, "retry_after", None) or self._delay()
        self.failures += 1
        log.warning(what, attempt=self.failures, error=type(error).__name__)
        close_old_connections()
        self.stopped.wait(wait)

    def _delay(self) -> float:
        return DELAYS[min(self.failures, len(DELAYS) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311


def _raise_unless_about_the_event(error: HubRefused) -> None:
    status = error.problem.status
    if status in _NOT_THE_EVENT or status >= 500:
        raise HubUnavailable(f"the hub answered {status}") from error
