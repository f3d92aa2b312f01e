"""Civility and names, as the civil status writes them."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.\-])*")


class Civility(FieldType):
    """Values are those of the State's `ActeEtatCivil` file."""

    name = "civility"
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


class Name(FieldType):
    name = "name"
    tokens = ("family-name", "name", "additional-name", "given-name")
    format = gettext_lazy("lettres, espaces, traits d’union et apostrophes, 100 caractères au plus")
    example = "L'Héritier-Dubois"
    settings = {"example": (str, dict)}
    limit = 100

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        return text.replace("’", "'") if text else None

    def check(self, value: Any, field: Field) -> str | None:
        if len(value) > self.limit:
            return self.wrong(field, _("ce nom est trop long."))
        if not _NAME.fullmatch(value):
            return self.wrong(field, _("ce nom contient un caractère qui n’est pas permis."))
        return None

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.limit}


class GivenNames(Name):
    name = "given_names"
    tokens = ("given-name", "additional-name", "name")
    format = gettext_lazy("prénoms dans l’ordre de l’état civil, séparés par un espace, 200 caractères au plus")
    example = "Angela Claire Louise"
    limit = 200

    def normalise(self, raw: Any, field: Field) -> str | None:
        # The official forms ask for commas, people paste them: both spellings mean the same names.
        return super().normalise(raw.replace(",", " "), field) if isinstance(raw, str) else None


TYPES = (Civility(), Name(), GivenNames())
