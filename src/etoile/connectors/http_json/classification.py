"""The error table of an application, which comes before what HTTP says."""

from typing import Any

from etoile.connectors.http_json.configuration import ErrorRule
from etoile.sdk import Outcome, formulas
from etoile.sdk.answers import Answer, redact


def by_table(rules: tuple[ErrorRule, ...], answer: Answer, event: dict[str, Any]) -> Outcome | None:
    """The outcome of the first line of the table that holds."""
    values = {"response": answer.for_expressions(), "event": event}
    for rule in rules:
        if formulas.holds(rule.when, **values):
            return _outcome(rule, answer, values)
    return None


def _outcome(rule: ErrorRule, answer: Answer, values: dict[str, Any]) -> Outcome:
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
    return make(message, detail=f"HTTP {answer.status}")
