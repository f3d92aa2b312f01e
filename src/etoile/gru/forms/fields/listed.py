"""What types whose list is known by everyone share: a list to choose from, the words or the code on the API."""

from typing import Any

from django.utils.translation import gettext as _

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text


class Listed(FieldType):
    widget = "select"

    def words(self) -> dict[str, str]:
        """Label by value, in the language of the request, in the order of the list."""
        raise NotImplementedError

    def choices(self, field: Field) -> list[tuple[str, str]]:
        return list(self.words().items())

    def missing(self, field: Field) -> str:
        named = {"label": field.label, "example": self.shown_example(field)}
        return _("« %(label)s » : choisissez une réponse dans la liste. Exemple : %(example)s.") % named

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        if text is None or text.upper() in self.words():
            return text and text.upper()
        return next((code for code, words in self.words().items() if words.lower() == text.lower()), text)

    def check(self, value: Any, field: Field) -> str | None:
        return None if value in self.words() else self.wrong(field, _("ce choix n’est pas dans la liste."))

    def summary(self, value: Any, field: Field) -> str:
        return self.words().get(value, "" if value is None else str(value))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"enum": sorted(self.words())}
