import math
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import cleaned_text
from etoile.gru.forms.fields.integer import Integer
from etoile.gru.forms.fields.numerals import grouped, number
from etoile.gru.forms.texts import Text


class DecimalNumber(Integer):
    """A number with decimals, kept as a JSON number. Settings: those of `integer`, and `places` (2 unless told, 6 at
    most).
    """

    name = "decimal"
    label = gettext_lazy("Nombre à virgule")
    widget = "decimal"
    format = gettext_lazy("nombre")
    example = "12,5"
    settings = {
        "minimum": (int, float), "maximum": (int, float), "places": int, "example": (str, dict), "suffix": (str, dict),
    }  # fmt: skip
    most_places = 6

    def places(self, field: Field) -> int:
        return int(field.settings.get("places", 2))

    def normalise(self, raw: Any, field: Field) -> Any:
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            # An integer too large for a float stays what it is: `check` says that it is too large.
            return float(raw) if abs(raw) < 10**15 else raw
        text = cleaned_text(raw)
        found = number(text) if text else None
        return text if found is None else float(found)

    def form(self, field: Field) -> str:
        count = self.places(field)
        words = ngettext("nombre, %(count)d décimale au plus", "nombre, %(count)d décimales au plus", count)
        return words % {"count": count}

    def shown(self, value: Any) -> str:
        """With a comma, and no decimal that says nothing."""
        whole, _point, rest = f"{abs(value):.{self.most_places}f}".partition(".")
        sign, decimals = "-" if value < 0 else "", rest.rstrip("0")
        return f"{sign}{grouped(int(whole))}{',' + decimals if decimals else ''}"

    def check(self, value: Any, field: Field) -> str | None:
        if isinstance(value, str) or (isinstance(value, float) and not math.isfinite(value)):
            return self.wrong(field, _("ce n’est pas un nombre écrit comme attendu."))
        if refusal := self.within(value, field):
            return refusal
        if round(value, self.places(field)) != value:
            return self.wrong(field, _("ce nombre a trop de décimales."))
        return None

    def summary(self, value: Any, field: Field) -> str:
        if not isinstance(value, int | float) or not math.isfinite(value):
            return "" if value is None else str(value)
        unit = str(Text.of(field.settings.get("suffix")))
        return f"{self.shown(value)}\u00a0{unit}" if unit else self.shown(value)

    def schema(self, field: Field) -> dict[str, Any]:
        return super().schema(field) | {"type": "number"}

    def inconsistencies(self, field: Field) -> list[str]:
        places = [] if 1 <= self.places(field) <= self.most_places else ["« places » va de 1 à 6 décimales"]
        return [*super().inconsistencies(field), *places]


TYPE = DecimalNumber()
