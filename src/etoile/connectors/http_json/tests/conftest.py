"""The connector facing its double, over a real socket."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from etoile.connectors.http_json.connector import HttpJson
from etoile.connectors.http_json.double import MAPPING, SECRETS, Registry, settings_of
from etoile.sdk import Door
from etoile.sdk.testing import Bench, serve


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def url(registry: Registry) -> Iterator[str]:
    with serve(registry.application) as address:
        yield address


@pytest.fixture
def settings(url: str) -> dict[str, Any]:
    return settings_of(url)


@pytest.fixture
async def door(url: str) -> AsyncIterator[Door]:
    async with Door([url.partition("://")[2]]) as opened:
        yield opened


@pytest.fixture
def bench(door: Door, settings: dict[str, Any]) -> Bench:
    return Bench(HttpJson(), door, settings, secrets=SECRETS, mapping=MAPPING)
