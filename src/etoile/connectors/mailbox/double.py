"""A simulated application that fetches its messages at the hub, by the contract's client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from etoile.contract.client import Ack, HubClient
from etoile.contract.envelope import Event
from etoile.sdk.conformance import Rig
from etoile.sdk.faults import About, Switch
from etoile.sdk.testing import EventFactory

# It answers nobody: it comes or not, and says what it did once, twice, in the wrong order, or never.
KINDS = frozenset({"down", "write_then_fail", "duplicate", "refuse", "out_of_order"})
WHAT = "Une application que personne ne peut appeler : elle relève elle-même sa boîte au hub."
REFUSAL = "Le champ « lieu » est inconnu de l’application."


class Application:
    """`numbers` is its memory: the number given to each event, whatever the times it was fetched."""

    def __init__(self, hub: str, client_id: str, client_secret: str) -> None:
        self.client = HubClient(hub, client_id, client_secret, timeout=5, budget=2)
        self.numbers: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        self.faults = Switch(KINDS)
        self.about = About("Application derrière un pare-feu (boîte)", WHAT, self.held)

    def held(self) -> list[dict[str, Any]]:
        """The number given to each event."""
        return [{"numéro": number, "évènement": event} for event, number in list(self.numbers.items())]

    def pull(self, limit: int = 20) -> int:
        """Fetch, record, then acknowledge; how many were acknowledged. HubUnavailable leaves the memory as it is."""
        if self.faults.strikes("down"):
            return 0
        items = self.client.mailbox(limit)
        if not items:
            return 0
        refusing = self.faults.strikes("refuse") is not None
        acks = [self._record(item.delivery, item.event, refusing) for item in items]
        if self.faults.strikes("write_then_fail"):
            return 0
        if self.faults.strikes("out_of_order"):
            acks.reverse()
        for _ in range(2 if self.faults.strikes("duplicate") else 1):
            self.client.acknowledge(acks)
        return len(acks)

    def _record(self, delivery: str, event: Event, refusing: bool) -> Ack:
        if reason := REFUSAL if refusing else self.refused.get(event.id):
            return Ack(delivery, outcome="fix_data", message=reason)
        number = self.numbers.setdefault(event.id, f"M-{len(self.numbers) + 1}")
        return Ack(delivery, external_id=number)


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs: nothing is sent, so nothing can go wrong on the way."""
    yield Rig(configuration={}, event=EventFactory().make())
