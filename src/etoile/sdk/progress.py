"""Reading the progress of what was recorded: what changed since the last reading, and a little before.

The overlap tells the same status again on purpose: one that came while the hub did not know the number yet would be
lost otherwise. A status told twice is the same event for the hub.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from etoile.sdk import formulas
from etoile.sdk.answers import Answer
from etoile.sdk.connector import Polled
from etoile.sdk.outcome import Returned

MAX_PAGES = 20
# What the contract takes (case.status_changed).
MAX_CODE, MAX_LABEL, MAX_MESSAGE = 100, 200, 5000
Fetch = Callable[[str], Awaitable[Answer]]
Status = Literal[
    "received",
    "in_progress",
    "more_information_needed",
    "payment_due",
    "transferred",
    "accepted",
    "refused",
    "closed",
    "withdrawn",
]


class Progress(BaseModel):
    """How to read a list of changes, for a connector's settings: `items` and `more` see `response`, the others `item`.

    A connector adds how it asks for the list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    items: str = Field(title="Liste des éléments")
    position: str = Field(title="Date du changement, telle que l’application la compare")
    start: str = Field(default="1970-01-01T00:00:00Z", title="Position de départ")
    every: float = Field(default=60, ge=0.2, le=86_400, title="Temps entre deux lectures (secondes)")
    overlap_seconds: int = Field(
        default=600, ge=0, le=86_400, title="Recouvrement avec la lecture précédente (secondes)"
    )
    more: str = Field(default="false", title="Condition : il reste une page")
    external_id: str = Field(title="Numéro dans l’application")
    code: str = Field(title="Code de l’état")
    label: str | None = Field(default=None, title="Libellé de l’état")
    message: str | None = Field(default=None, title="Message pour l’usager")
    occurred_at: str | None = Field(default=None, title="Date de l’état (sinon la position)")
    statuses: dict[str, Status] = Field(title="Table : code de l’application vers statut commun ; « * » pour le reste")


async def read_changes(poll: Progress, cursor: str | None, fetch: Fetch) -> Polled:
    """The changes from the cursor on, oldest first; `fetch` asks for the list since a position. Raises FormulaError for
    an unreadable answer."""
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
        found += [(formulas.text(poll.position, item=item), *status_of(poll, item)) for item in items]
        position = max([position, *(place for place, _, _ in found)])
        more = formulas.holds(poll.more, response=shown)
        if not more or position == since:
            break
        since = position
    found.sort(key=lambda change: change[0])
    return Polled(position, [(external_id, returned) for _, external_id, returned in found], more)


def status_of(poll: Progress, item: Any) -> tuple[str, Returned]:
    """The number and the status of one element of the list. Raises FormulaError."""
    code = formulas.text(poll.code, item=item)
    external_id = formulas.text(poll.external_id, item=item)
    returned = Returned(
        # A state nobody has translated yet is still told, in the application's own words, rather than lost.
        status=poll.statuses.get(code) or poll.statuses.get("*") or "in_progress",
        occurred_at=_moment(formulas.text(poll.occurred_at or poll.position, item=item)),
        business_code=code[:MAX_CODE],
        business_label=_cut(formulas.optional_text(poll.label, item=item), MAX_LABEL),
        message=_cut(formulas.optional_text(poll.message, item=item), MAX_MESSAGE),
        external_id=external_id,
    )
    return external_id, returned


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


def _cut(words: str | None, size: int) -> str | None:
    return words[:size] if words else None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise formulas.FormulaError(f"la date « {text[:40]} » n’est pas lisible") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
