"""An amount of money, kept in cents: no rounding can creep in."""

import re
from typing import Any

from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import cleaned_text
from etoile.gru.forms.fields.integer import Integer
from etoile.gru.forms.fields.numerals import grouped, number

_UNIT = re.compile(r"\s*(?:€|euros?|eur)\Z", re.IGNORECASE)


class Amount(Integer):
    """Euros on screen, cents in the data and in the settings, whoever wrote it: `12`, `12,5`, `1 250,50 €`."""

    name = "amount"
    label = gettext_lazy("Montant en euros")
    widget = "decimal"
    format = gettext_lazy("montant en euros, avec deux décimales au plus")
    example = "12,50"
    settings = {"minimum": int, "maximum": int, "example": (str, dict)}

    def normalise(self, raw: Any, field: Field) -> int | str | None:
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        text = cleaned_text(raw)
        if text is None:
            return None
        found = number(_UNIT.sub("", text))
        cents = None if found is None else found * 100
        return int(cents) if cents is not None and cents == int(cents) else text

    def shown(self, value: Any) -> str:
        sign = "-" if value < 0 else ""
        euros, cents = divmod(abs(value), 100)
        return f"{sign}{grouped(euros)},{cents:02d}\u00a0€"

    def typed(self, cents: int) -> str:
        """As a person types it: `12,50`."""
        return f"{cents / 100:.2f}".replace(".", ",")

    def summary(self, value: Any, field: Field) -> str:
        return self.shown(value) if isinstance(value, int) else ""


TYPE = Amount()
