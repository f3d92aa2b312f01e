"""How each lookup stands: its providers, and the figures of its last day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection

from etoile.hub.lookups import failing, figures
from etoile.hub.lookups.failing import Failing
from etoile.hub.lookups.figures import Figures
from etoile.hub.registry.directory import LookupView, ProviderView, Snapshot

State = Literal["answers", "failing", "paused"]


@dataclass(frozen=True, slots=True)
class ProviderStand:
    """`failing`: its last word was a failure, it is still asked. `paused`: nobody asks it before `paused_until`."""

    view: ProviderView
    state: State
    failures: int = 0
    since: datetime | None = None
    paused_until: datetime | None = None
    misconfigured: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    view: LookupView
    providers: tuple[ProviderStand, ...]
    figures: Figures

    @property
    def answers(self) -> bool:
        """Whether one provider at least is not failing."""
        return any(each.state == "answers" for each in self.providers)


def all(snapshot: Snapshot) -> list[Stand]:
    """Two statements, whatever the number of lookups."""
    return _stands(list(snapshot.lookups.values()))


def one(view: LookupView) -> Stand:
    return _stands([view])[0]


def _stands(views: list[LookupView]) -> list[Stand]:
    with connection.cursor() as cursor:
        held = failing.all(cursor, [provider for view in views for provider in view.providers])
        counted = figures.by_lookup(cursor)
    return [
        Stand(
            view,
            tuple(_provider(provider, held.get(provider.id)) for provider in view.providers),
            counted.get(view.name, Figures()),
        )
        for view in views
    ]


def _provider(view: ProviderView, held: Failing | None) -> ProviderStand:
    if held is None:
        return ProviderStand(view, "answers")
    state: State = "paused" if held.paused_until is not None else "failing"
    return ProviderStand(view, state, held.failures, held.since, held.paused_until, held.misconfigured, held.words)
