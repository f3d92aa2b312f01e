"""The connector facing its double, over a real socket."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from etoile.connectors.http_json import CONNECTOR
from etoile.connectors.http_json.configuration import Configuration
from etoile.connectors.http_json.connector import HttpJson
from etoile.connectors.http_json.double import MAPPING, SECRETS, Registry, settings_of
from etoile.sdk import Context, Door
from etoile.sdk.testing import make_context, serve


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


class Bench:
    """Makes contexts around one door; `context(...)` takes the settings of `make_context`."""

    def __init__(self, door: Door, settings: dict[str, Any]) -> None:
        self.door, self.settings = door, settings
        self.connector = HttpJson()

    def context(self, event: Any = None, *, secrets: dict[str, str] | None = None, **changes: Any) -> Context:
        known = {name: changes.pop(name) for name in ("attempt", "seconds", "mapping", "http") if name in changes}
        configuration = Configuration.model_validate({**self.settings, **changes})
        return make_context(
            configuration,
            secrets=SECRETS if secrets is None else secrets,
            event=event,
            **{"http": self.door, "mapping": MAPPING, **known},
        )

    async def deliver(self, event: Any, **changes: Any) -> Any:
        return await self.connector.deliver(event, self.context(event, **changes))


@pytest.fixture
def bench(door: Door, settings: dict[str, Any]) -> Bench:
    assert isinstance(CONNECTOR, HttpJson)
    return Bench(door, settings)
