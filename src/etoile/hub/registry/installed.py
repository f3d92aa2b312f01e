"""The installed connectors, and the dated badge that each carries: what was tested, when, of which folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from etoile.hub.registry.directory import connectors
from etoile.sdk.conformance import badge
from etoile.sdk.conformance.badge import Badge
from etoile.sdk.connector import Connector
from etoile.sdk.manifest import Manifest
from etoile.sdk.words import folder_of

Standing = Literal["passed", "incomplete", "failed", "never", "unreadable"]


@dataclass(frozen=True, slots=True)
class Installed:
    """One connector. `changed`: its folder is no longer the one that was tested."""

    name: str
    manifest: Manifest
    badge: Badge | None
    standing: Standing
    changed: bool


def all(found: Mapping[str, Connector] | None = None) -> list[Installed]:
    """Those installed, by name, read once per process: one restarts a hub to install. `found` replaces them."""
    return list(_installed()) if found is None else [_read(name, each) for name, each in sorted(found.items())]


def one(name: str) -> Installed | None:
    return next((each for each in _installed() if each.name == name), None)


@lru_cache(maxsize=1)
def _installed() -> tuple[Installed, ...]:
    return tuple(_read(name, each) for name, each in sorted(connectors().items()))


def _read(name: str, connector: Connector) -> Installed:
    folder = folder_of(connector)
    try:
        carried = badge.read(folder)
    except badge.BadgeError:
        return Installed(name, connector.manifest, None, "unreadable", False)
    if carried is None or carried.connector != name:
        return Installed(name, connector.manifest, None, "never" if carried is None else "unreadable", False)
    return Installed(name, connector.manifest, carried, carried.result, not carried.holds(folder))
