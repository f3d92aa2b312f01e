"""Where: a postal address in its parts, a place in words."""

from dataclasses import replace

from django.utils.translation import gettext as _

from etoile.design.fields import FieldView
from etoile.gru.filling.questions.base import Builder, Question, base, part_of_value
from etoile.gru.forms.fields import TYPES


def _address(question: Question, widget: str) -> FieldView:
    labels = {
        "lines": (_("Numéro et voie"), "textarea", "", 2),
        "postal_code": (_("Code postal"), "number", "short", 1),
        "city": (_("Commune"), "text", "", 1),
    }
    tokens = TYPES["address"].part_tokens if question.field.autocomplete else {}  # type: ignore[attr-defined]
    value = part_of_value(question)
    parts = tuple(
        FieldView(
            name=f"{question.name}.{part}",
            id=question.id if number == 0 else f"{question.id}-{part}",
            label=label,
            widget=kind,
            value=value.get(part, ""),
            required=question.required,
            rows=rows,
            width=width,
            autocomplete=tokens.get(part, ""),
            part_of=question.part_of,
        )
        for number, (part, (label, kind, width, rows)) in enumerate(labels.items())
    )
    return base(question, "group", parts=parts, autocomplete="")


def _place(question: Question, widget: str) -> FieldView:
    """Words suffice, and are the way everyone can use; a map may be laid over later."""
    value = part_of_value(question) or {"text": question.value or ""}
    view = base(question, "textarea", value=value.get("text", ""), rows=2, maxlength=300)
    return replace(view, name=f"{question.name}.text", id=question.id)


BUILDERS: dict[str, Builder] = {"address": _address, "place": _place}
