"""Who asks: from the answers to the contract, and from what is known of a person to the answers."""

from collections.abc import Mapping
from typing import Any

from etoile.gru.cases.models import Case
from etoile.gru.forms.definition import Definition
from etoile.gru.people.models import Kind
from etoile.gru.people.queries import kind, values

_NATURAL = (Kind.NATURAL, "individual")


def applicant_of(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Who asks, as the contract writes it, from the fields that say it."""
    applicant = {
        each.applicant: answers[each.id] for each in definition.fields if each.applicant and each.id in answers
    }
    applicant["kind"] = "legal" if applicant.get("kind") not in (None, *_NATURAL) else "natural"
    return as_told(applicant)


def as_told(said: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of a person, from the way a form reads them to that of the contract."""
    given = said.get("address")
    if not isinstance(given, Mapping):
        return dict(said)
    return {**said, "address": {**given, "lines": str(given["lines"]).split("\n")}}


def as_asked(told: Mapping[str, Any]) -> dict[str, Any]:
    """The inverse of `as_told`."""
    given = told.get("address")
    if not isinstance(given, Mapping):
        return dict(told)
    lines = given.get("lines", "")
    return {**told, "address": {**given, "lines": lines if isinstance(lines, str) else "\n".join(lines)}}


def answers_of(definition: Definition, case: Case) -> dict[str, Any]:
    """What a form asks of who asks and the base of users' knows already, by field, as the form engine reads it; for
    conditions to see it. One statement, one more when it asks what kind of person that is."""
    known = as_asked(values(case.person_id))
    said = {each.id: known[each.applicant] for each in definition.fields if each.applicant in known}
    for each in (field for field in definition.fields if field.applicant == "kind"):
        of_people = [option.value for option in each.options if option.value in _NATURAL]
        of_others = [option.value for option in each.options if option.value not in of_people]
        chosen = of_people if kind(case.person_id) == Kind.NATURAL else of_others
        said.update({each.id: chosen[0]} if chosen else {})
    return said
