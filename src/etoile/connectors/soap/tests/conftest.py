"""The connector facing its double, over a real socket."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from etoile.connectors.soap import CONNECTOR
from etoile.connectors.soap.configuration import Configuration
from etoile.connectors.soap.double import MAPPING, PASSWORD, FamilyServices, settings_of
from etoile.sdk import Context, Door
from etoile.sdk.testing import EventFactory, make_context, serve

EVENTS = EventFactory()


@pytest.fixture
def family() -> FamilyServices:
    return FamilyServices()


@pytest.fixture
def url(family: FamilyServices) -> Iterator[str]:
    with serve(family.application) as address:
        yield address
        family.faults.set(None)


@pytest.fixture
def settings(url: str) -> dict[str, Any]:
    return settings_of(url)


@pytest.fixture
async def door(url: str) -> AsyncIterator[Door]:
    async with Door([url.partition("://")[2]]) as opened:
        yield opened


class Bench:
    """Makes contexts around one door; `context(...)` takes the settings of `make_context`."""

    def __init__(self, door: Door, settings: dict[str, Any]) -> None:
        self.door, self.settings, self.connector = door, settings, CONNECTOR

    def context(self, event: Any = None, *, secrets: dict[str, str] | None = None, **changes: Any) -> Context:
        known = {name: changes.pop(name) for name in ("attempt", "seconds", "mapping", "http") if name in changes}
        return make_context(
            Configuration.model_validate({**self.settings, **changes}),
            secrets={"password": PASSWORD} if secrets is None else secrets,
            event=event,
            **{"http": self.door, "mapping": MAPPING, **known},
        )

    def other(self) -> Any:
        """An event of its own."""
        return EVENTS.make(data={"documents": []})

    async def deliver(self, event: Any, **changes: Any) -> Any:
        return await self.connector.deliver(event, self.context(event, **changes))


@pytest.fixture
def bench(door: Door, settings: dict[str, Any]) -> Bench:
    return Bench(door, settings)


@pytest.fixture
def event() -> Any:
    return EVENTS.make(data={"documents": []})
