"""What an application calls a person becomes what the hub calls them, before anything is written."""

import hashlib
from dataclasses import dataclass
from functools import partial

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.hub.registry import pairwise
from etoile.hub.registry.directory import ApplicationView


@dataclass(frozen=True, slots=True)
class Restored:
    """An event as the hub keeps it, and the hash of what was received, which tells a repeat from another content."""

    event: Event
    payload: str
    digest: bytes


def restore(event: Event, application: ApplicationView) -> Restored:
    """Raises `pairwise.ForeignIdentifierError` when a person is called by an alias made for another application."""
    restored = schemas.rewrite(event, "person", partial(pairwise.original, application))
    received = event.to_json()
    kept = received if restored is event else restored.to_json()
    return Restored(restored, kept.decode(), hashlib.sha256(received).digest())
