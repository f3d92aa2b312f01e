"""Where: a postal address and a commune in their parts, a place in words, a point."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from etoile.design.fields import FieldView
from etoile.gru.filling.questions.base import Builder, Question, base, control, part_of_value
from etoile.gru.forms.fields import TYPES

_NUMBER = {"widget": "number", "width": "short"}


def _address(question: Question, widget: str) -> FieldView:
    lines = _part(question, "lines", _("Numéro et voie"), widget="textarea", rows=2, id=question.id)
    code = _part(question, "postal_code", _("Code postal"), **_NUMBER)
    return base(question, "group", parts=(lines, code, _part(question, "city", _("Commune"))), autocomplete="")


def _commune(question: Question, widget: str) -> FieldView:
    code = _part(question, "postal_code", _("Code postal"), **_NUMBER)
    name = _part(question, "name", _("Nom de la commune"), id=question.id)
    # Given by an account or a link, kept as it came: nobody is asked for it.
    known = _part(question, "insee_code", "", widget="hidden") if part_of_value(question).get("insee_code") else None
    return base(question, "group", parts=(name, code, *((known,) if known else ())), autocomplete="")


def _part(question: Question, part: str, label: str, *, widget: str = "text", **more: Any) -> FieldView:
    """With the token of the browser when the whole question is about the person who types."""
    tokens = TYPES[question.field.type].part_tokens if question.field.autocomplete else {}
    value = part_of_value(question).get(part, "")
    return control(question, part, label, widget, value, autocomplete=tokens.get(part, ""), **more)


def _place(question: Question, widget: str) -> FieldView:
    """Words suffice, and are the way everyone can use; a map may be laid over later."""
    value = part_of_value(question) or {"text": question.value or ""}
    view = base(question, "textarea", value=value.get("text", ""), rows=2, maxlength=300)
    return replace(view, name=f"{question.name}.text", id=question.id)


def _point(question: Question, widget: str) -> FieldView:
    """Words or a position, none of them required alone; the script of the page offers that of the phone."""
    value = part_of_value(question)
    words = _part(
        question, "text", _("Description du lieu"), widget="textarea", rows=2, id=question.id, maxlength=300,
        required=False,
    )  # fmt: skip
    position = tuple(
        control(question, part, label, "decimal", _degrees(value.get(part)), width="short", required=False)
        for part, label in (("latitude", _("Latitude")), ("longitude", _("Longitude")))
    )
    return base(question, "point", parts=(words, *position), autocomplete="")


def _degrees(value: Any) -> str:
    return "" if value is None else str(value).replace(".", ",")


BUILDERS: dict[str, Builder] = {"address": _address, "commune": _commune, "place": _place, "map_point": _point}
