from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text
from etoile.gru.people.numbers import is_siret


class Siret(FieldType):
    """An establishment: 14 digits and the key of Luhn, or the rule of La Poste for its own (digits in fives)."""

    name = "siret"
    label = gettext_lazy("Numéro SIRET")
    family = "organisation"
    widget = "number"
    format = gettext_lazy("14 chiffres")
    example = "732 829 320 00074"
    groups: tuple[int, ...] = (3, 6, 9)
    length = 14

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        return text.replace(" ", "").replace(".", "") if text else None

    def valid(self, value: str) -> bool:
        return is_siret(value)

    def check(self, value: Any, field: Field) -> str | None:
        if value.isdigit() and len(value) != self.length:
            told = {"count": len(value), "length": self.length}
            return self.wrong(field, _("ce numéro a %(count)d chiffres, il en faut %(length)d.") % told)
        return None if self.valid(value) else self.wrong(field, self.refusal())

    def refusal(self) -> str:
        return _("ce numéro SIRET n’est pas valable.")

    def summary(self, value: Any, field: Field) -> str:
        """By groups, as it is printed: `732 829 320 00074`."""
        text = "" if value is None else str(value)
        cuts = (0, *self.groups, len(text))
        groups = (text[start:end] for start, end in pairwise(cuts))
        return "\u00a0".join(filter(None, groups)) if len(text) == self.length else text

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^[0-9]{{{self.length}}}$"}


TYPE = Siret()
