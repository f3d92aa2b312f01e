"""Whole numbers and amounts of money. Amounts are kept in cents: no rounding can creep in."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_LARGEST = 10**12


class Integer(FieldType):
    name = "integer"
    widget = "number"
    tokens = ()
    format = gettext_lazy("nombre entier, en chiffres")
    example = "25"
    settings = {"minimum": int, "maximum": int, "example": (str, dict), "suffix": (str, dict)}

    def normalise(self, raw: Any, field: Field) -> int | str | None:
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        text = cleaned_text(raw)
        if text is None:
            return None
        digits = _SPACES.sub("", text)
        return int(digits) if re.fullmatch(r"[+-]?[0-9]{1,15}", digits) else text

    def expected(self, field: Field) -> str:
        low, high = field.settings.get("minimum"), field.settings.get("maximum")
        if low is not None and high is not None:
            return _("%(format)s, de %(low)s à %(high)s") % {
                "format": self.format, "low": self.shown(low), "high": self.shown(high),
            }  # fmt: skip
        if low is not None:
            return _("%(format)s, au moins %(low)s") % {"format": self.format, "low": self.shown(low)}
        return str(self.format)

    def shown(self, value: int) -> str:
        return str(value)

    def shown_example(self, field: Field) -> str:
        if "example" in field.settings:
            return super().shown_example(field)
        low, high = field.settings.get("minimum", -_LARGEST), field.settings.get("maximum", _LARGEST)
        usual = self.normalise(self.example, field)
        return self.example if isinstance(usual, int) and low <= usual <= high else self.shown(low)

    def check(self, value: Any, field: Field) -> str | None:
        if not isinstance(value, int):
            return self.wrong(field, _("ce n’est pas un nombre écrit comme attendu."))
        if value < field.settings.get("minimum", -_LARGEST):
            return self.wrong(field, _("ce nombre est trop petit."))
        if value > field.settings.get("maximum", _LARGEST):
            return self.wrong(field, _("ce nombre est trop grand."))
        return None

    def schema(self, field: Field) -> dict[str, Any]:
        limits = {key: field.settings[key] for key in ("minimum", "maximum") if key in field.settings}
        return {"type": "integer", **limits}

    def inconsistencies(self, field: Field) -> list[str]:
        low, high = field.settings.get("minimum", -_LARGEST), field.settings.get("maximum", _LARGEST)
        return ["« minimum » dépasse « maximum »"] if low > high else []


class Amount(Integer):
    """Euros on screen, cents in the data, whoever wrote it: `12`, `12,5`, `12.50 €`."""

    name = "amount"
    widget = "decimal"
    format = gettext_lazy("montant en euros, avec deux décimales au plus")
    example = "12,50"

    def normalise(self, raw: Any, field: Field) -> int | str | None:
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        text = cleaned_text(raw)
        if text is None:
            return None
        found = re.fullmatch(r"([+-]?)([0-9]{1,12})(?:[.,]([0-9]{1,2}))?€?", _SPACES.sub("", text))
        if not found:
            return text
        cents = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
        return -cents if found[1] == "-" else cents

    def shown(self, value: int) -> str:
        sign = "-" if value < 0 else ""
        euros, cents = divmod(abs(value), 100)
        return f"{sign}{euros:,}".replace(",", "\u202f") + f",{cents:02d}\u00a0€"

    def summary(self, value: Any, field: Field) -> str:
        return self.shown(value) if isinstance(value, int) else ""


TYPES = (Integer(), Amount())
