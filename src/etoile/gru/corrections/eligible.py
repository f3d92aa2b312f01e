"""Which questions of a sent request may change, and the answers they have, as the form engine reads them."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from etoile.gru.filling.judging import trusted
from etoile.gru.forms.definition import Definition, Field
from etoile.gru.forms.evaluation import evaluate
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.lookup import Lookup
from etoile.gru.forms.sensitive import open_sealed
from etoile.gru.people.models import Attribute, Kind


def editable(definition: Definition) -> Iterator[Field]:
    """What a person answers, but who asks (that is the base of users') and what only the hub can tell."""
    for each in definition.fields:
        kind = TYPES[each.type]
        if kind.answered and not each.applicant and not isinstance(kind, Lookup):
            yield each


def correctable(case: Case) -> list[Field]:
    """The editable questions that the answers of the case show. Two statements."""
    definition = case.procedure_version.definition
    shown = evaluate(definition, answers_of(case), documents_of(case)).visible
    return [each for each in editable(definition) if each.id in shown]


def answers_of(case: Case) -> dict[str, Any]:
    """Every answer in clear, those that say who asks too, for conditions to see them. One statement."""
    definition = case.procedure_version.definition
    asked = {each.id for each in definition.fields}
    kept = open_sealed({name: value for name, value in case.answers.items() if name in asked}, holder=case.id)
    return trusted(definition, {**_applicant(case, definition), **kept})


def documents_of(case: Case) -> dict[str, list[Document]]:
    """The files of the case by the question they answer. One statement."""
    found: dict[str, list[Document]] = defaultdict(list)
    for each in Document.objects.filter(holder=case.id):
        found[each.field].append(each)
    return dict(found)


def _applicant(case: Case, definition: Definition) -> dict[str, Any]:
    known = {each.key: each.value for each in Attribute.objects.filter(person_id=case.person_id)}
    if isinstance(known.get("address"), dict):
        lines = known["address"].get("lines", "")
        known["address"] = {**known["address"], "lines": lines if isinstance(lines, str) else "\n".join(lines)}
    said = {each.id: known[each.applicant] for each in definition.fields if each.applicant in known}
    for each in (field for field in definition.fields if field.applicant == "kind"):
        of_people = [option.value for option in each.options if option.value in (Kind.NATURAL, "individual")]
        of_others = [option.value for option in each.options if option.value not in of_people]
        chosen = of_people if case.person.kind == Kind.NATURAL else of_others
        said.update({each.id: chosen[0]} if chosen else {})
    return said
