"""The connector facing a simulated repository, over a real socket."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from etoile.connectors.cmis import CONNECTOR
from etoile.connectors.cmis.configuration import Configuration
from etoile.connectors.cmis.double import MAPPING, PASSWORD, USERNAME, Ged
from etoile.sdk import Context, Door, Outcome
from etoile.sdk.testing import make_context, serve

SECRETS = {"password": PASSWORD}


class Bench:
    """One repository and one door. `documents()`: (path, size) of each document held, in order."""

    def __init__(self, ged: Ged, url: str, door: Door) -> None:
        self.ged, self.url, self.door = ged, url, door

    def context(self, event: Any = None, *, secrets: dict[str, str] | None = None, **changes: Any) -> Context:
        known = {name: changes.pop(name) for name in ("attempt", "seconds", "mapping", "http") if name in changes}
        settings = {
            "url": self.url + self.ged.base,
            "authentication": {"kind": "basic", "username": USERNAME},
            "folder": "/Sites/mairie",
            "timeout": 10,
        }
        return make_context(
            Configuration.model_validate(settings | changes),
            secrets=SECRETS if secrets is None else secrets,
            event=event,
            **{"http": self.door, "mapping": MAPPING, **known},
        )

    async def deliver(self, event: Any, **changes: Any) -> Outcome:
        return await CONNECTOR.deliver(event, self.context(event, **changes))

    def documents(self) -> list[tuple[str, int]]:
        return [(self.path(node), node.content.size) for node in self.ged.tree.documents() if node.content]

    def path(self, node: Any) -> str:
        above = next((each for each in self.ged.tree.nodes if each.id == node.parent), None)
        return f"{self.path(above)}/{node.name}" if above else node.name


@pytest.fixture(params=["alfresco"])
def ged(request: pytest.FixtureRequest) -> Ged:
    return Ged(request.param)


@pytest.fixture
def url(ged: Ged) -> Iterator[str]:
    with serve(ged.application) as address:
        yield address


@pytest.fixture
async def bench(ged: Ged, url: str) -> AsyncIterator[Bench]:
    async with Door([url.partition("://")[2]]) as door:
        yield Bench(ged, url, door)
