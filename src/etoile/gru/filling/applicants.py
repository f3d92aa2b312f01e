"""Who asks, as the contract writes it."""

from collections.abc import Mapping
from typing import Any

from etoile.gru.forms.definition import Definition


def applicant_of(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Who asks, as the contract writes it, from the fields that say it."""
    applicant = {
        each.applicant: answers[each.id] for each in definition.fields if each.applicant and each.id in answers
    }
    applicant["kind"] = "legal" if applicant.get("kind") not in (None, "natural", "individual") else "natural"
    if isinstance(applicant.get("address"), Mapping):
        given = applicant["address"]
        applicant["address"] = {**given, "lines": str(given["lines"]).split("\n")}
    return applicant
