"""What is particular to one simulated application, as data: its name, its numbers, the words of its work."""

from dataclasses import dataclass, field
from typing import Literal

from etoile.sdk.faults import HTTP, TELLING


@dataclass(frozen=True, slots=True)
class Step:
    """One state an item goes through: the application's own code and word, and the contract's status."""

    code: str
    label: str
    status: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the simulated system. `mark`: `confirmed` by a public source, or `assumed` by us."""

    method: str
    path: str
    mark: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of item, the prefix of its numbers and its steps, first to last."""

    name: str
    prefix: str
    steps: tuple[Step, ...]
    # Reached by a button only: a refusal never happens by itself.
    side_steps: tuple[Step, ...] = ()

    def step(self, code: str) -> Step | None:
        return next((step for step in self.steps + self.side_steps if step.code == code), None)

    def after(self, code: str) -> Step | None:
        codes = [step.code for step in self.steps]
        if code not in codes[:-1]:
            return None
        return self.steps[codes.index(code) + 1]


@dataclass(frozen=True, slots=True)
class Profile:
    """A simulated application. `slug` is its name in the hub and the `source` of its events."""

    slug: str
    name: str
    domain: str
    how: str
    kinds: dict[str, Kind]
    routes: tuple[Route, ...] = field(default=())
    # Publishes its statuses, waits to be asked for them, or writes them as rows of a file.
    tells: Literal["event", "nothing", "row"] = "event"
    faults: frozenset[str] = HTTP | TELLING
