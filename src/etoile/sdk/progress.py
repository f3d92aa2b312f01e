"""Reading the progress of what was recorded: what changed since the last reading, and a little before.

The overlap tells the same status again on purpose: one that came while the hub did not know the number yet would be
lost otherwise. A status told twice is the same event for the hub.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from etoile.sdk import formulas
from etoile.sdk.answers import Answer
from etoile.sdk.connector import Polled
from etoile.sdk.mapping import Return
from etoile.sdk.outcome import Returned

MAX_PAGES = 20
# What no application tells: the moment of a state whose date nobody could read.
NEVER = datetime(1, 1, 1, tzinfo=UTC)
Fetch = Callable[[str], Awaitable[Answer]]


class Progress(BaseModel):
    """How to read a list of changes, for a connector's settings: `items` and `more` see `response`, `position` sees
    `item`. What an item says is read by the `return` of the subscription's mapping, which sees it as `answer`.

    A connector adds how it asks for the list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    items: str = Field(title="Liste des éléments", description="Expression qui la trouve dans la réponse.")
    position: str = Field(
        title="Date du changement, telle que l’application la compare",
        description="Expression sur un élément ; c’est aussi la date de l’état quand la correspondance n’en donne pas.",
    )
    start: str = Field(
        default="1970-01-01T00:00:00Z", title="Position de départ", description="Celle de la toute première lecture."
    )
    every: float = Field(
        default=60,
        ge=0.2,
        le=86_400,
        title="Temps entre deux lectures (secondes)",
        description="Selon ce que l’éditeur accepte.",
    )
    overlap_seconds: int = Field(
        default=600,
        ge=0,
        le=86_400,
        title="Recouvrement avec la lecture précédente (secondes)",
        description="Pour ne rien perdre de ce qui change pendant une lecture.",
    )
    more: str = Field(default="false", title="Condition : il reste une page", description="Expression sur la réponse.")


async def read_changes(poll: Progress, cursor: str | None, fetch: Fetch, back: Return) -> Polled:
    """The changes from the cursor on, oldest first; `fetch` asks for the list since a position. Raises FormulaError or
    MappingError for an unreadable answer."""
    found: list[tuple[str, str, Returned]] = []
    position = cursor or poll.start
    since = earlier(position, poll.overlap_seconds)
    more = False
    for _ in range(MAX_PAGES):
        answer = await fetch(since)
        shown = answer.for_expressions()
        items = formulas.evaluate(poll.items, response=shown)
        if not isinstance(items, list):
            raise formulas.FormulaError(f"l’expression « {poll.items} » ne donne pas une liste")
        for item in items:
            place = formulas.text(poll.position, item=item)
            found.append((place, *status_of(back, item, place)))
        position = max([position, *(place for place, _, _ in found)])
        more = formulas.holds(poll.more, response=shown)
        if not more or position == since:
            break
        since = position
    found.sort(key=lambda change: change[0])
    return Polled(position, [(external_id, returned) for _, external_id, returned in found], more)


def status_of(back: Return, item: Any, position: str) -> tuple[str, Returned]:
    """The number and the status of one element; its moment is its position unless the mapping says another.

    Raises FormulaError, MappingError.
    """
    returned = back.read(item, _moment(position) or NEVER).returned
    if returned.occurred_at == NEVER:
        raise formulas.FormulaError(f"la date « {position[:40]} » n’est pas lisible")
    if returned.external_id is None:
        raise formulas.FormulaError("« return.number » ne donne pas le numéro")
    return returned.external_id, returned


def earlier(position: str, seconds: int) -> str:
    """The position `seconds` before, written as the application writes it; unchanged when it is not a date."""
    if not seconds:
        return position
    try:
        moment = datetime.fromisoformat(position) - timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return position
    text = moment.isoformat(timespec="milliseconds" if "." in position else "seconds")
    return text.replace("+00:00", "Z") if position.endswith("Z") else text


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
