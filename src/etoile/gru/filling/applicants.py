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
    if isinstance(applicant.get("address"), Mapping):
        given = applicant["address"]
        applicant["address"] = {**given, "lines": str(given["lines"]).split("\n")}
    return applicant


def answers_of(definition: Definition, case: Case) -> dict[str, Any]:
    """What a form asks of who asks and the base of users' knows already, by field, as the form engine reads it; for
    conditions to see it. One statement, one more when it asks what kind of person that is."""
    known = values(case.person_id)
    if isinstance(known.get("address"), dict):
        lines = known["address"].get("lines", "")
        known["address"] = {**known["address"], "lines": lines if isinstance(lines, str) else "\n".join(lines)}
    said = {each.id: known[each.applicant] for each in definition.fields if each.applicant in known}
    for each in (field for field in definition.fields if field.applicant == "kind"):
        of_people = [option.value for option in each.options if option.value in _NATURAL]
        of_others = [option.value for option in each.options if option.value not in of_people]
        chosen = of_people if kind(case.person_id) == Kind.NATURAL else of_others
        said.update({each.id: chosen[0]} if chosen else {})
    return said
