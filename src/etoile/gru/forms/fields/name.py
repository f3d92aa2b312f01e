"""A family name, as the civil status writes it."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.\-])*")


class Name(FieldType):
    name = "name"
    label = gettext_lazy("Nom de famille")
    family = "person"
    tokens: tuple[str, ...] = ("family-name", "name", "additional-name", "given-name")
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


TYPE = Name()
