"""Closed questions: one of them, several, one box to tick."""

from typing import Any

from django.utils.translation import gettext as _

from etoile.design.fields import FieldView, Option
from etoile.gru.filling.questions.base import Builder, Question, base
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.fields.single_choice import LONGEST_OTHER, OTHER


def _choice(question: Question, widget: str) -> FieldView:
    each = question.field
    hints = {option.value: str(option.hint) for option in each.options}
    chosen = _chosen(question.value)
    options = tuple(
        Option(value, label, hints.get(value, ""), value in chosen)
        for value, label in TYPES[each.type].choices(each)  # type: ignore[attr-defined]
    )
    if each.settings.get("other"):
        return _with_other(question, widget, options, chosen)
    return base(question, "select" if each.settings.get("display") == "list" else widget, options=options)


def _with_other(question: Question, widget: str, options: tuple[Option, ...], chosen: set[str]) -> FieldView:
    """A last choice with its own box: what is written there is the answer."""
    own = sorted(chosen - {option.value for option in options})
    words = "" if own[:1] in ([], [OTHER]) else own[0]
    box = FieldView(
        name=f"{question.name}.other",
        id=f"{question.id}-other",
        label=_("Votre réponse"),
        value=words,
        maxlength=LONGEST_OTHER,
        part_of=question.part_of,
    )
    other = Option(OTHER, _("Autre"), checked=bool(own))
    return base(question, widget, options=(*options, other), parts=(box,))


def _chosen(value: Any) -> set[str]:
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    if isinstance(value, list | tuple):
        return {str(each) for each in value}
    return set() if value is None else {str(value)}


def _tick(question: Question, widget: str) -> FieldView:
    return base(question, "checkbox", value=question.value is True)


BUILDERS: dict[str, Builder] = {"radios": _choice, "checkboxes": _choice, "select": _choice, "checkbox": _tick}
