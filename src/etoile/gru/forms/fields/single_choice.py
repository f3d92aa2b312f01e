from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

# What the page posts for « Autre »; the words themselves come beside it, and are the answer that is kept.
OTHER = "__other__"
LONGEST_OTHER = 200


class SingleChoice(FieldType):
    """Settings: `display` (`radios`, `list`); `other: true` also takes words of the person's own, kept as they are:
    the answer stays a text.
    """

    name = "single_choice"
    label = gettext_lazy("Un choix dans une liste")
    family = "choice"
    widget = "radios"
    format = gettext_lazy("un choix dans la liste")
    tokens: tuple[str, ...] = ("country", "honorific-prefix", "language", "sex")
    has_options = True
    settings: Any = {"display": str, "other": bool}

    def choices(self, field: Field) -> list[tuple[str, str]]:
        return [(option.value, str(option.label)) for option in field.options]

    def read(self, data: Any, field: Field) -> Any:
        chosen = data.get(field.id)
        return (data.get(f"{field.id}.other") or OTHER) if chosen == OTHER else chosen

    def normalise(self, raw: Any, field: Field) -> Any:
        return self.of_words(cleaned_text(raw), field)

    def of_words(self, text: str | None, field: Field) -> str | None:
        """Who writes in « Autre » the words of an option chose that option."""
        if text is None or text == OTHER or not field.settings.get("other"):
            return text
        return next((each.value for each in field.options if str(each.label).lower() == text.lower()), text)

    def taken(self, value: str, field: Field) -> bool:
        if value in {option.value for option in field.options}:
            return True
        return bool(field.settings.get("other")) and value != OTHER and len(value) <= LONGEST_OTHER

    def shown_example(self, field: Field) -> str:
        return str(field.options[0].label) if field.options else ""

    def missing(self, field: Field) -> str:
        """The list is there to be seen: its form is not told."""
        named = {"label": field.label, "example": self.shown_example(field)}
        return _("« %(label)s » : choisissez une réponse dans la liste. Exemple : %(example)s.") % named

    def check(self, value: Any, field: Field) -> str | None:
        if self.taken(value, field):
            return None
        if value == OTHER and field.settings.get("other"):
            return self.wrong(field, _("écrivez votre réponse à côté de « Autre »."))
        return self.wrong(field, _("ce choix n’est pas dans la liste."))

    def summary(self, value: Any, field: Field) -> str:
        return self.word(value, field)

    def word(self, value: Any, field: Field) -> str:
        known = next((str(option.label) for option in field.options if option.value == value), None)
        return known if known is not None else str(value or "") if field.settings.get("other") else ""

    def schema(self, field: Field) -> dict[str, Any]:
        if field.settings.get("other"):
            return {"type": "string", "maxLength": LONGEST_OTHER}
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
        if field.settings.get("display") == "list" and field.settings.get("other"):
            found.append("« other » ne va pas avec display: list")
        return found


TYPE = SingleChoice()
