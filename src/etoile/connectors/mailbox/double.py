"""A simulated application that fetches its messages at the hub, by the contract's client."""

from etoile.contract.client import Ack, HubClient
from etoile.contract.envelope import Event


class Application:
    """`numbers` is its memory: the number given to each event, whatever the times it was fetched."""

    def __init__(self, hub: str, client_id: str, client_secret: str) -> None:
        self.client = HubClient(hub, client_id, client_secret, timeout=5, budget=2)
        self.numbers: dict[str, str] = {}
        self.refused: dict[str, str] = {}

    def pull(self, limit: int = 20) -> int:
        """Fetch, record, then acknowledge; how many were acknowledged. HubUnavailable leaves the memory as it is."""
        items = self.client.mailbox(limit)
        acks = [self._record(item.delivery, item.event) for item in items]
        if acks:
            self.client.acknowledge(acks)
        return len(acks)

    def _record(self, delivery: str, event: Event) -> Ack:
        if reason := self.refused.get(event.id):
            return Ack(delivery, outcome="fix_data", message=reason)
        number = self.numbers.setdefault(event.id, f"M-{len(self.numbers) + 1}")
        return Ack(delivery, external_id=number)
