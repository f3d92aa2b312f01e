from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import cleaned_text
from etoile.gru.forms.fields.single_choice import OTHER, SingleChoice


class MultipleChoice(SingleChoice):
    """Settings: `minimum` and `maximum` of answers; `other: true` as for one choice."""

    name = "multiple_choice"
    label = gettext_lazy("Plusieurs choix dans une liste")
    widget = "checkboxes"
    format = gettext_lazy("un ou plusieurs choix dans la liste")
    tokens = ()
    settings = {"minimum": int, "maximum": int, "other": bool}

    def read(self, data: Any, field: Field) -> Any:
        chosen = data.getlist(field.id)
        words = data.get(f"{field.id}.other") or OTHER
        return [words if each == OTHER else each for each in chosen]

    def normalise(self, raw: Any, field: Field) -> Any:
        given = raw if isinstance(raw, list | tuple) else [raw]
        chosen = [text for text in (self.of_words(cleaned_text(each), field) for each in given) if text]
        known = [option.value for option in field.options]
        # In the order of the list, once each: the same answers always make the same data.
        ordered = [value for value in known if value in chosen] + sorted({each for each in chosen if each not in known})
        return ordered or None

    def check(self, value: Any, field: Field) -> str | None:
        if OTHER in value and field.settings.get("other"):
            return self.wrong(field, _("écrivez votre réponse à côté de « Autre »."))
        if not all(self.taken(each, field) for each in value):
            return self.wrong(field, _("un de ces choix n’est pas dans la liste."))
        least, most = (
            field.settings.get("minimum", 0),
            field.settings.get("maximum", len(field.options) + bool(field.settings.get("other"))),
        )
        if not least <= len(value) <= most:
            return self.wrong(field, _("choisissez de %(least)d à %(most)d réponses.") % {"least": least, "most": most})
        return None

    def summary(self, value: Any, field: Field) -> str:
        return "\n".join(filter(None, (self.word(each, field) for each in value or ())))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "items": super().schema(field), "uniqueItems": True}


TYPE = MultipleChoice()
