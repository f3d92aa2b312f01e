"""The connection to the hub: the contract's client, made from the settings."""

from collections.abc import Sequence
from typing import Protocol

from django.conf import settings

from etoile.contract.client import HubClient, HubRefused, HubUnavailable, Receipt
from etoile.contract.envelope import Event

__all__ = ["Hub", "HubRefused", "HubUnavailable", "connect"]


class Hub(Protocol):
    """The two calls that the sender makes; both raise `HubUnavailable` or `HubRefused`."""

    def publish(self, event: Event) -> Receipt: ...

    def publish_batch(self, events: Sequence[Event]) -> list[Receipt]: ...


def connect() -> Hub:
    # A short budget: the sender has its own patience, and must be able to stop within seconds.
    hub: Hub = HubClient(settings.HUB_URL, settings.HUB_CLIENT_ID, settings.HUB_CLIENT_SECRET, timeout=15, budget=3)
    return hub
