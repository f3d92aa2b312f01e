"""The error table of an application, which comes before what its protocol says."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from etoile.sdk import formulas
from etoile.sdk.answers import Answer, redact
from etoile.sdk.declared.settings import ErrorRule
from etoile.sdk.outcome import Outcome

R = TypeVar("R", bound=ErrorRule)


def first(rules: Iterable[R], holds: Callable[[R], bool], answer: Answer, values: Mapping[str, Any]) -> Outcome | None:
    """The outcome of the first line that holds."""
    rule = next((each for each in rules if holds(each)), None)
    return None if rule is None else _told(rule, answer, values)


def _told(rule: ErrorRule, answer: Answer, values: Mapping[str, Any]) -> Outcome:
    try:
        message = redact(formulas.leaf(rule.message, **values))
    except formulas.FormulaError:
        message = "L’application a refusé la demande."
    if rule.outcome == "retry":
        return Outcome.retry(message, after=rule.after if rule.after is not None else answer.retry_after())
    if rule.outcome == "acknowledged":
        return Outcome.acknowledged(formulas.optional_text(rule.external_id, **values), message)
    make = {
        "fix_data": Outcome.fix_data,
        "fix_configuration": Outcome.fix_configuration,
        "business_no": Outcome.business_no,
        "manual": Outcome.manual,
    }[rule.outcome]
    return make(message, f"HTTP {answer.status}")
