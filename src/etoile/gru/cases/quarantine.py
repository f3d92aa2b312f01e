"""News of cases we do not know. The inbox keeps them and registers itself here; the back-office shows them to people.

A provider rather than an import: the inbox stands beside the back-office, not below it (docs/layout.md).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class NotHeld(LookupError):
    """No news of that number is held for that authority: someone has dealt with it."""


@dataclass(frozen=True, slots=True)
class Held:
    """One news: its type (`org.etoile.….v1`), the application that told it, when it came, why it is held."""

    id: int
    type: str
    source: str
    received_at: datetime
    why: str


class Quarantine(Protocol):
    """What the inbox offers. `siret` bounds every call to one authority; `NotHeld` when the number is not there."""

    def held(self, siret: str) -> list[Held]: ...

    def count(self, siret: str) -> int: ...

    def retry(self, siret: str, identifier: int) -> bool:
        """True when the case is known by now and the news was applied."""
        ...

    def dismiss(self, siret: str, identifier: int, *, reason: str) -> None: ...


class _Nothing:
    """Before the inbox is there: nothing is held."""

    def held(self, siret: str) -> list[Held]:
        return []

    def count(self, siret: str) -> int:
        return 0

    def retry(self, siret: str, identifier: int) -> bool:
        raise NotHeld

    def dismiss(self, siret: str, identifier: int, *, reason: str) -> None:
        raise NotHeld


_provider: Quarantine = _Nothing()


def register(provider: Quarantine) -> None:
    global _provider
    _provider = provider


def provider() -> Quarantine:
    return _provider
