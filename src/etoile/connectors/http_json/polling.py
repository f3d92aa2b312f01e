"""Reading the progress of what was recorded: what changed since the last reading, never told twice."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from etoile.connectors.http_json import formulas
from etoile.connectors.http_json.configuration import Poll
from etoile.sdk import Returned
from etoile.sdk.answers import Answer

MAX_PAGES = 20
Fetch = Callable[[str], Awaitable[Answer]]


class PollError(Exception):
    """The reading failed and will be made again from the same cursor. The text is French."""


@dataclass(slots=True)
class Cursor:
    """Where the reading stands: the furthest position seen, and what was seen within the overlap before it."""

    position: str
    seen: dict[str, str]  # key of a change -> its position

    @classmethod
    def parse(cls, text: str | None, start: str) -> "Cursor":
        if not text:
            return cls(start, {})
        raw = json.loads(text)
        return cls(raw["position"], dict(raw["seen"]))

    def since(self, overlap: int) -> str:
        return _earlier(self.position, overlap)

    def advance(self, position: str, key: str) -> bool:
        """Take note of a change; False when it was told already."""
        if key in self.seen:
            return False
        self.seen[key] = position
        self.position = max(self.position, position)
        return True

    def text(self, overlap: int) -> str:
        floor = self.since(overlap)
        kept = {key: position for key, position in self.seen.items() if position >= floor}
        return json.dumps({"position": self.position, "seen": kept}, separators=(",", ":"))


async def read_changes(poll: Poll, cursor: Cursor, fetch: Fetch) -> list[tuple[str, Returned]]:
    """The changes after the cursor, oldest first; the cursor moves. Raises FormulaError for an unreadable answer."""
    changes: list[tuple[str, str, Returned]] = []
    asked = ""
    for _ in range(MAX_PAGES):
        since = cursor.since(poll.overlap_seconds if not asked else 0)
        if since == asked:
            break
        asked = since
        answer = await fetch(formulas.fill(poll.path, since=since))
        shown = answer.for_expressions()
        items = formulas.evaluate(poll.items, response=shown)
        if not isinstance(items, list):
            raise formulas.FormulaError(f"l’expression « {poll.items} » ne donne pas une liste")
        for item in items:
            position, external_id, returned = _read(poll, item)
            key = f"{external_id}|{returned.business_code}|{position}"
            if cursor.advance(position, key):
                changes.append((position, external_id, returned))
        if not formulas.holds(poll.more, response=shown):
            break
    return [(external_id, returned) for _, external_id, returned in sorted(changes, key=lambda change: change[0])]


def _read(poll: Poll, item: Any) -> tuple[str, str, Returned]:
    position = formulas.text(poll.position, item=item)
    code = formulas.text(poll.code, item=item)
    external_id = formulas.text(poll.external_id, item=item)
    occurred_at = formulas.optional_text(poll.occurred_at, item=item) or position
    returned = Returned(
        # A state nobody has translated yet is still told, in the application's own words, rather than lost.
        status=poll.statuses.get(code) or poll.statuses.get("*") or "in_progress",
        occurred_at=_moment(occurred_at),
        business_code=code,
        business_label=formulas.optional_text(poll.label, item=item),
        message=formulas.optional_text(poll.message, item=item),
        external_id=external_id,
    )
    return position, external_id, returned


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise formulas.FormulaError(f"la date « {text[:40]} » n’est pas lisible") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _earlier(position: str, seconds: int) -> str:
    """The position `seconds` before, written as the application writes it; unchanged when it is not a date."""
    if not seconds:
        return position
    try:
        moment = datetime.fromisoformat(position) - timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        return position
    precision = "milliseconds" if "." in position else "seconds"
    text = moment.isoformat(timespec=precision)
    return text.replace("+00:00", "Z") if position.endswith("Z") else text
