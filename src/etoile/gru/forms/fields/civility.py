from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType


class Civility(FieldType):
    """Values are those of the State's `ActeEtatCivil` file."""

    name = "civility"
    label = gettext_lazy("Civilité")
    family = "person"
    widget = "radios"
    tokens = ("honorific-prefix",)
    format = gettext_lazy("un choix dans la liste")
    example = "Madame"
    words = {"MADAME": gettext_lazy("Madame"), "MONSIEUR": gettext_lazy("Monsieur")}

    def choices(self, field: Field) -> list[tuple[str, str]]:
        return [(value, str(word)) for value, word in self.words.items()]

    def check(self, value: Any, field: Field) -> str | None:
        return None if value in self.words else self.wrong(field, _("cette civilité n’est pas dans la liste."))

    def summary(self, value: Any, field: Field) -> str:
        return str(self.words.get(value, ""))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"enum": list(self.words)}


TYPE = Civility()
