"""Closed questions: one of them, several, one box to tick."""

from typing import Any

from etoile.design.fields import FieldView, Option
from etoile.gru.filling.questions.base import Builder, Question, base
from etoile.gru.forms.fields import TYPES


def _choice(question: Question, widget: str) -> FieldView:
    each = question.field
    hints = {option.value: str(option.hint) for option in each.options}
    chosen = _chosen(question.value)
    options = tuple(
        Option(value, label, hints.get(value, ""), value in chosen)
        for value, label in TYPES[each.type].choices(each)  # type: ignore[attr-defined]
    )
    return base(question, "select" if each.settings.get("display") == "list" else widget, options=options)


def _chosen(value: Any) -> set[str]:
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    if isinstance(value, list | tuple):
        return {str(each) for each in value}
    return set() if value is None else {str(value)}


def _tick(question: Question, widget: str) -> FieldView:
    return base(question, "checkbox", value=question.value is True)


BUILDERS: dict[str, Builder] = {"radios": _choice, "checkboxes": _choice, "checkbox": _tick}
