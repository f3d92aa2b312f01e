"""Which questions of a sent request may change, and the answers they have, as the form engine reads them."""

from collections.abc import Iterator
from typing import Any

from etoile.gru.cases.models import Case
from etoile.gru.documents.queries import by_question
from etoile.gru.filling import applicants
from etoile.gru.filling.judging import trusted
from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.evaluation import evaluate
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.lookup import Lookup
from etoile.gru.forms.sensitive import open_sealed


def editable(definition: Definition) -> Iterator[Field]:
    """What a person answers, but who asks (that is the base of users') and what only the hub can tell."""
    for each in definition.fields:
        kind = TYPES[each.type]
        if kind.answered and not each.applicant and not isinstance(kind, Lookup):
            yield each


def correctable(case: Case) -> list[Field]:
    """The editable questions that the answers of the case show. Two statements."""
    definition = case.procedure_version.definition
    shown = evaluate(definition, answers_of(case), by_question(case.id)).visible
    return [each for each in editable(definition) if each.id in shown]


def answers_of(case: Case) -> dict[str, Any]:
    """Every answer in clear, those that say who asks too, for conditions to see them. One statement."""
    definition = case.procedure_version.definition
    asked = {each.id for each in definition.fields}
    kept = open_sealed({name: value for name, value in case.answers.items() if name in asked}, holder=case.id)
    return trusted(definition, {**applicants.answers_of(definition, case), **kept})
