"""What an answer means: the table of the application first, then what HTTP says."""

from typing import Any

from etoile.connectors.http_json.configuration import Configuration
from etoile.sdk import Outcome, declared, formulas
from etoile.sdk.answers import Answer, by_status


def outcome_of(
    settings: Configuration, answer: Answer, event: dict[str, Any], *, empty_allowed: bool = False
) -> Outcome | None:
    """None for a success whose body decides."""
    values = {"response": answer.for_expressions(), "event": event}
    known = declared.first(settings.errors, lambda rule: formulas.holds(rule.when, **values), answer, values)
    return known or by_status(answer, empty_allowed=empty_allowed)
