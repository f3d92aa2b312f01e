"""The connector facing a place of exchange, which is a real folder or a simulated server on a real socket."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from etoile.connectors.file_drop.configuration import Configuration
from etoile.connectors.file_drop.connector import FileDrop
from etoile.connectors.file_drop.double import MAPPING
from etoile.sdk import Context, Door
from etoile.sdk.testing import make_context

FOLDERS = ("in", "in/pieces", "out", "out/archive", "out/quarantaine", "pris")


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """What the application sees of the place of exchange."""
    for name in FOLDERS:
        (tmp_path / "echange" / name).mkdir(parents=True)
    return tmp_path / "echange"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Bench:
    """`place` says where; `context(...)` takes changes of `drop` and `poll` and the settings of `make_context`."""

    def __init__(self, door: Door, place: dict[str, Any], shared: Path, secrets: dict[str, str] | None = None) -> None:
        self.door, self.place, self.shared, self.secrets = door, place, shared, secrets or {}
        self.clock = Clock()
        self.problems: list[Any] = []
        self.connector = FileDrop(self.clock)
        self.drop: dict[str, Any] = {
            "folder": "in",
            "name": "=event.data.case.reference",
            "format": {"kind": "csv", "columns": ["Reference", "Libelle"]},
        }
        self.poll: dict[str, Any] = {
            "folder": "out",
            "archive": "out/archive",
            "quarantine": "out/quarantaine",
            "settle": 0,
            "reading": {"number": "Numero"},
        }

    def context(self, event: Any = None, *, drop: Any = None, poll: Any = None, **known: Any) -> Context:
        settings = {"place": self.place, "drop": self.drop | (drop or {}), "poll": self.poll | (poll or {})}
        configuration = Configuration.model_validate(settings | {"timeout": known.pop("timeout", 5)})
        mapping = {**MAPPING, "return": known.pop("back", MAPPING["return"])}
        given: dict[str, Any] = {"http": self.door, "mapping": mapping, "secrets": self.secrets, **known}
        return make_context(configuration, event=event, **given)

    async def deliver(self, event: Any, **changes: Any) -> Any:
        return await self.connector.deliver(event, self.context(event, **changes))

    async def poll_once(self, cursor: str | None = None, **changes: Any) -> Any:
        return await self.connector.poll(cursor, self.context(**changes))

    async def poll_all(self, cursor: str | None = None, **changes: Any) -> tuple[str | None, list[Any]]:
        """Readings until there is no more, as the hub makes them."""
        told: list[Any] = []
        while True:
            polled = await self.poll_once(cursor, **changes)
            cursor, told = polled.cursor, told + polled.returned
            self.problems += polled.problems
            if not polled.more:
                return cursor, told

    def files(self, folder: str = "in") -> list[str]:
        """Everything that is there, what is hidden too."""
        return sorted(each.name for each in (self.shared / folder).iterdir() if each.is_file())


@pytest.fixture
async def bench(shared: Path) -> AsyncIterator[Bench]:
    async with Door(folders=[shared.parent]) as door:
        yield Bench(door, {"kind": "folder", "path": str(shared)}, shared)
