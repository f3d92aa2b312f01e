"""Reading the progress of what was recorded: what changed since the last reading, and a little before.

The overlap tells the same status again on purpose: one that came while the hub did not know the number yet would be
lost otherwise. A status told twice is the same event for the hub.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from etoile.connectors.http_json import formulas
from etoile.connectors.http_json.configuration import Poll
from etoile.sdk import Polled, Returned
from etoile.sdk.answers import Answer

MAX_PAGES = 20
# What the contract takes (case.status_changed).
MAX_CODE, MAX_LABEL, MAX_MESSAGE = 100, 200, 5000
Fetch = Callable[[str], Awaitable[Answer]]


async def read_changes(poll: Poll, cursor: str | None, fetch: Fetch) -> Polled:
    """The changes from the cursor on, oldest first. Raises FormulaError for an unreadable answer."""
    found: list[tuple[str, str, Returned]] = []
    position = cursor or poll.start
    since = earlier(position, poll.overlap_seconds)
    more = False
    for _ in range(MAX_PAGES):
        answer = await fetch(formulas.fill(poll.path, since=since))
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


def status_of(poll: Poll, item: Any) -> tuple[str, Returned]:
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
