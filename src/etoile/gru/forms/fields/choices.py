"""Closed questions: yes/no, ticked boxes, one or several choices."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

_TRUE, _FALSE = {"yes", "oui", "true", "1", "on"}, {"no", "non", "false", "0"}


class YesNo(FieldType):
    """An explicit answer: nothing is ticked beforehand."""

    name = "yes_no"
    widget = "radios"
    format = gettext_lazy("oui ou non")
    example = "oui"

    def choices(self, field: Field) -> list[tuple[str, str]]:
        return [("yes", _("Oui")), ("no", _("Non"))]

    def missing(self, field: Field) -> str:
        return _("« %(label)s » : répondez par oui ou par non. Exemple : oui.") % {"label": field.label}

    def normalise(self, raw: Any, field: Field) -> Any:
        if isinstance(raw, bool):
            return raw
        text = cleaned_text(raw)
        return True if text in _TRUE else False if text in _FALSE else text

    def check(self, value: Any, field: Field) -> str | None:
        return None if isinstance(value, bool) else self.wrong(field, _("répondez par oui ou par non."))

    def summary(self, value: Any, field: Field) -> str:
        return _("Oui") if value is True else _("Non") if value is False else ""

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "boolean"}


class Consent(YesNo):
    """A box to tick. Required, it must be ticked: leaving it is an answer nobody can record as an agreement."""

    name = "consent"
    widget = "checkbox"
    format = gettext_lazy("case cochée")
    example = "☑"

    def normalise(self, raw: Any, field: Field) -> Any:
        value = super().normalise(raw, field)
        return None if value is False else value

    def check(self, value: Any, field: Field) -> str | None:
        return None if value is True else self.missing(field)

    def missing(self, field: Field) -> str:
        return _("« %(label)s » : cochez cette case pour continuer. %(help)s") % {
            "label": field.label,
            "help": self.guidance(field),
        }


class Declaration(Consent):
    name = "declaration"


class SingleChoice(FieldType):
    name = "single_choice"
    widget = "radios"
    format = gettext_lazy("un choix dans la liste")
    tokens = ("country", "honorific-prefix", "language", "sex")
    has_options = True
    settings = {"display": str}

    def choices(self, field: Field) -> list[tuple[str, str]]:
        return [(option.value, str(option.label)) for option in field.options]

    def shown_example(self, field: Field) -> str:
        return str(field.options[0].label) if field.options else ""

    def missing(self, field: Field) -> str:
        """The list is there to be seen: its form is not told."""
        named = {"label": field.label, "example": self.shown_example(field)}
        return _("« %(label)s » : choisissez une réponse dans la liste. Exemple : %(example)s.") % named

    def check(self, value: Any, field: Field) -> str | None:
        if value in {option.value for option in field.options}:
            return None
        return self.wrong(field, _("ce choix n’est pas dans la liste."))

    def summary(self, value: Any, field: Field) -> str:
        return next((str(option.label) for option in field.options if option.value == value), "")

    def schema(self, field: Field) -> dict[str, Any]:
        return {"enum": [option.value for option in field.options]}

    def inconsistencies(self, field: Field) -> list[str]:
        found = super().inconsistencies(field)
        values = [option.value for option in field.options]
        if len(values) != len(set(values)):
            found.append("deux options ont la même valeur")
        if any(not option.label for option in field.options):
            found.append("une option n'a pas de libellé")
        if field.settings.get("display", "radios") not in ("radios", "list"):
            found.append("« display » vaut radios ou list")
        return found


class MultipleChoice(SingleChoice):
    name = "multiple_choice"
    widget = "checkboxes"
    format = gettext_lazy("un ou plusieurs choix dans la liste")
    tokens = ()
    settings = {"minimum": int, "maximum": int}

    def read(self, data: Any, field: Field) -> Any:
        return data.getlist(field.id)

    def normalise(self, raw: Any, field: Field) -> Any:
        given = raw if isinstance(raw, list | tuple) else [raw]
        chosen = [text for text in (cleaned_text(each) for each in given) if text]
        known = [option.value for option in field.options]
        # In the order of the list, once each: the same answers always make the same data.
        ordered = [value for value in known if value in chosen] + [each for each in chosen if each not in known]
        return ordered or None

    def check(self, value: Any, field: Field) -> str | None:
        known = {option.value for option in field.options}
        if not set(value) <= known:
            return self.wrong(field, _("un de ces choix n’est pas dans la liste."))
        least, most = field.settings.get("minimum", 0), field.settings.get("maximum", len(known))
        if not least <= len(value) <= most:
            return self.wrong(field, _("choisissez de %(least)d à %(most)d réponses.") % {"least": least, "most": most})
        return None

    def summary(self, value: Any, field: Field) -> str:
        return "\n".join(str(option.label) for option in field.options if option.value in (value or ()))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "items": super().schema(field), "uniqueItems": True}


TYPES = (YesNo(), Consent(), Declaration(), SingleChoice(), MultipleChoice())
