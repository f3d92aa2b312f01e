"""What a delivery makes the hub say, or an application answer, is accepted like any other event, and nowhere else.

Acceptance belongs to routing, which stands above this room: it registers itself here when the hub starts.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Protocol

from etoile.contract.envelope import Event
from etoile.hub.registry.directory import ApplicationView, Snapshot


class Accept(Protocol):
    def __call__(
        self, cursor: Any, events: Sequence[Event], *, application: ApplicationView, snapshot: Snapshot
    ) -> object: ...


_registered: list[Accept] = []


def register(accept: Accept) -> None:
    """Called once, by routing."""
    _registered[:] = [accept]


def publish(cursor: Any, events: Sequence[Event], snapshot: Snapshot) -> None:
    """Accept events, each in the name of its source, in the caller's transaction and in the order given per source."""
    for source, group in groupby(sorted(events, key=_source), key=_source):
        _registered[0](cursor, list(group), application=snapshot.application(source), snapshot=snapshot)


def _source(event: Event) -> str:
    return event.source
