"""The connector facing its double, over a real socket."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from etoile.connectors.soap import CONNECTOR
from etoile.connectors.soap.double import MAPPING, PASSWORD, FamilyServices, settings_of
from etoile.sdk import Door
from etoile.sdk.testing import Bench, EventFactory, serve

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


@pytest.fixture
def bench(door: Door, settings: dict[str, Any]) -> Bench:
    return Bench(CONNECTOR, door, settings, secrets={"password": PASSWORD}, mapping=MAPPING)


@pytest.fixture
def event() -> Any:
    return EVENTS.make(data={"documents": []})
