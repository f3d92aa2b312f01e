"""The question that a lookup asks with these answers, and the mark by which the server knows that it asked it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from etoile.expressions.conditions import known_by
from etoile.gru.forms.definition import Field
from etoile.gru.forms.formulas import Budget, formula
from etoile.gru.lookups.door import Question

_SALT = "etoile.gru.filling.inquiries"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """`mark` stands for the question beside the answer that is kept: it says nothing of what was asked."""

    field: Field
    question: Question
    mark: str


def inquiry(each: Field, procedure: str, answers: Mapping[str, Any]) -> Inquiry | None:
    """None while an answer it needs is missing. `answers` are right ones."""
    settings = each.settings
    query = {}
    for parameter, source in settings.get("inputs", {}).items():
        value = _value(source, answers)
        if value is None:
            return None
        query[parameter] = value
    if not query or not settings.get("lookup"):
        return None
    question = Question(str(settings["lookup"]), query, str(settings.get("purpose", "")), procedure)
    said = json.dumps([question.name, question.purpose, query], sort_keys=True, ensure_ascii=False)
    return Inquiry(each, question, salted_hmac(_SALT, said, algorithm="sha256").hexdigest()[:32])


def _value(source: str, answers: Mapping[str, Any]) -> Any:
    """The answer to a field, by what it is known by; or what a formula makes of several."""
    if source.startswith("="):
        return formula(source[1:]).compute(answers, Budget()).value
    value = known_by(answers.get(source))
    return None if value in ("", [], {}) else value
