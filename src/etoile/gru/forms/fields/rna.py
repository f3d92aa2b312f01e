from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text
from etoile.gru.people.numbers import RNA


class Rna(FieldType):
    name = "rna"
    label = gettext_lazy("Numéro RNA d’une association")
    family = "organisation"
    widget = "code"
    format = gettext_lazy("la lettre W et 9 signes")
    example = "W491001234"

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        return text.replace(" ", "").replace(".", "").upper() if text else None

    def check(self, value: Any, field: Field) -> str | None:
        return None if RNA.fullmatch(value) else self.wrong(field, _("ce numéro RNA n’est pas valable."))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{RNA.pattern}$"}


TYPE = Rna()
