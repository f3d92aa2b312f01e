"""A simulated system that anybody can start: `etoile double NAME`, `etoile up --double NAME` (docs/doubles.md).

A package declares its own by an entry point of the group `etoile.doubles`, whose value is a module that holds `DOUBLE`:

    DOUBLE = Double(name="registry", french="Un registre.", english="A registry.", speaks="REST", port=8211,
                    kinds=HTTP, open=standing)

    @asynccontextmanager
    async def standing(place: Place) -> AsyncIterator[Standing]:
        registry = Registry()
        with serve(registry.application, host=place.host, port=place.port) as address:
            yield Standing(registry.application, {"address": f"{address}/records", "X-Api-Key": KEY})
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from etoile.sdk.faults import Switch


@dataclass(frozen=True, slots=True)
class Place:
    """Where a double stands. `port`, `control_port`: 0 for any free one; `folder`: where it keeps what must survive;
    `hub`: address of the hub, for one that calls it; `secrets`: folder of the secrets it shares with the hub."""

    folder: Path
    host: str = "127.0.0.1"
    port: int = 0
    control_port: int = 0
    hub: str = "http://127.0.0.1:8100"
    secrets: Path = Path("data/secrets")


@dataclass(frozen=True, slots=True)
class Standing:
    """One that runs. `says`: what somebody needs to use it (address, access), by name, for the screen."""

    faults: Switch
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """`french`, `english`: what it simulates, in one sentence. `speaks`: its protocol, in English. `kinds`: the faults
    it can show. `port`: where it listens unless told otherwise; `others`: those that follow it, for a second protocol;
    `control_port`: where its page and its controls are, when it speaks something else than HTTP. `settings`:
    variables of the products that use it when `etoile up` starts it beside them, `{address}` standing for where it is;
    one that is given already stays."""

    name: str
    french: str
    english: str
    speaks: str
    kinds: frozenset[str]
    port: int
    open: Callable[[Place], AbstractAsyncContextManager[Standing]]
    others: tuple[int, ...] = ()
    control_port: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def controls(self) -> int:
        """The port of the page and of the controls."""
        return self.control_port or self.port
