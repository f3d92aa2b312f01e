"""Listing what the application holds, page after page, to compare it with what the hub delivered."""

from datetime import UTC, datetime

from etoile.connectors.http_json.configuration import Held
from etoile.sdk import HeldItem, Holding, formulas
from etoile.sdk.progress import Fetch

MAX_PAGES = 200


async def read(held: Held, since: datetime, fetch: Fetch) -> Holding:
    """Everything from then on, each number once. Raises FormulaError for an unreadable answer."""
    found: dict[str, HeldItem] = {}
    position = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for _ in range(MAX_PAGES):
        answer = await fetch(formulas.fill(held.path, since=position))
        shown = answer.for_expressions()
        items = formulas.evaluate(held.items, response=shown)
        if not isinstance(items, list):
            raise formulas.FormulaError(f"l’expression « {held.items} » ne donne pas une liste")
        for item in items:
            number = formulas.text(held.external_id, item=item)
            found[number] = HeldItem(number, formulas.optional_text(held.reference, item=item))
        if not formulas.holds(held.more, response=shown):
            return Holding(list(found.values()))
        reached = max([position, *(formulas.text(held.position, item=item) for item in items)])
        if reached == position:
            break
        position = reached
    # A whole page of one instant, or too many pages: what was not listed may be there all the same.
    return Holding(list(found.values()), complete=False)
