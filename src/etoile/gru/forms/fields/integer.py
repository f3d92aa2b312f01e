from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text
from etoile.gru.forms.fields.numerals import LARGEST, grouped, number
from etoile.gru.forms.texts import Text


class Integer(FieldType):
    """Settings: `minimum`, `maximum`, `suffix` (the unit, shown after the box), `example`."""

    name = "integer"
    label = gettext_lazy("Nombre entier")
    family = "number"
    widget = "number"
    format: Any = gettext_lazy("nombre entier, en chiffres")
    example = "25"
    settings = {"minimum": int, "maximum": int, "example": (str, dict), "suffix": (str, dict)}

    def normalise(self, raw: Any, field: Field) -> Any:
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        text = cleaned_text(raw)
        found = number(text) if text and "," not in text and "." not in text else None
        return text if found is None else int(found)

    def expected(self, field: Field) -> str:
        low, high = field.settings.get("minimum"), field.settings.get("maximum")
        told = {"format": self.form(field), "low": self.bound(low), "high": self.bound(high)}
        if low is not None and high is not None:
            return _("%(format)s, de %(low)s à %(high)s") % told
        if low is not None:
            return _("%(format)s, au moins %(low)s") % told
        return _("%(format)s, au plus %(high)s") % told if high is not None else self.form(field)

    def form(self, field: Field) -> str:
        return str(self.format)

    def bound(self, value: Any) -> str:
        return "" if value is None else self.shown(value)

    def shown(self, value: Any) -> str:
        """Thousands apart from five digits on: four are often a year."""
        return grouped(value) if abs(value) >= 10_000 else str(value)

    def shown_example(self, field: Field) -> str:
        if "example" in field.settings:
            return super().shown_example(field)
        low, high = self._limits(field)
        usual = self.normalise(self.example, field)
        return self.example if not isinstance(usual, str) and low <= usual <= high else self.shown(low)

    def _limits(self, field: Field) -> tuple[Any, Any]:
        return field.settings.get("minimum", -LARGEST), field.settings.get("maximum", LARGEST)

    def check(self, value: Any, field: Field) -> str | None:
        if not isinstance(value, int):
            return self.wrong(field, _("ce n’est pas un nombre écrit comme attendu."))
        return self.within(value, field)

    def within(self, value: Any, field: Field) -> str | None:
        low, high = self._limits(field)
        if value < low:
            return self.wrong(field, _("ce nombre est trop petit."))
        return self.wrong(field, _("ce nombre est trop grand.")) if value > high else None

    def summary(self, value: Any, field: Field) -> str:
        """With its unit: `25 m²`."""
        shown = self.shown(value) if isinstance(value, int) else super().summary(value, field)
        unit = str(Text.of(field.settings.get("suffix")))
        return f"{shown}\u00a0{unit}" if shown and unit else shown

    def schema(self, field: Field) -> dict[str, Any]:
        limits = {key: field.settings[key] for key in ("minimum", "maximum") if key in field.settings}
        return {"type": "integer", **limits}

    def inconsistencies(self, field: Field) -> list[str]:
        low, high = self._limits(field)
        return ["« minimum » dépasse « maximum »"] if low > high else []


TYPE = Integer()
