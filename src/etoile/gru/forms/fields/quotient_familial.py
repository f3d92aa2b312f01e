"""The family quotient of a fund: obtained for the person, or written by them when nobody answers."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import cleaned_text
from etoile.gru.forms.fields.lookup import FETCHED, Held, Lookup, at_path


class FamilyQuotient(Lookup):
    """The family quotient of a fund, by a lookup; the person writes it when nobody answers, unless it is mandatory.

    `{value, month, state, at}`, and `declared: true` when the person wrote it; a condition compares `value`. Settings:
    as a lookup, and `value`, `month` (paths in the data: `valeur` and `mois` unless told).
    """

    name = "quotient_familial"
    label = gettext_lazy("Quotient familial")
    widget = "quotient"
    format = gettext_lazy("nombre entier, celui de votre attestation")
    example = "850"
    settings = {**Lookup.settings, "value": str, "month": str}
    sent = ("value", "month", "state", "at", "declared")

    def held(self, kept: Any, posted: Any, field: Field) -> Held | None:
        held = super().held(kept, None, field)
        if held is None:
            return None
        if held.state == FETCHED:
            value, month = at_path(held.get("data"), field.settings.get("value", "valeur")), field.settings.get("month")
            return Held(held, value=value, month=at_path(held.get("data"), month or "mois"))
        text = cleaned_text(str(posted) if isinstance(posted, int) and not isinstance(posted, bool) else posted)
        if text is not None:
            digits = "".join(text.split())
            number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else text
            held.update(value=number, declared=True)
        elif posted is not None:
            held.pop("value", None)
            held.pop("declared", None)
        return held

    def check(self, value: Any, field: Field) -> str | None:
        refused = super().check(Held(value, data=value.get("data") or {}), field)
        if refused or value.get("value") is None:
            return refused
        return None if isinstance(value["value"], int) else self.wrong(field, _("ce n’est pas un quotient familial."))

    def missing(self, field: Field) -> str:
        return f"{super().missing(field)} {self.guidance(field)}"

    def shown(self, value: Any, field: Field) -> Iterator[tuple[str, str]]:
        if value.get("value") is not None:
            yield str(field.label), str(value["value"])
        yield from super().shown(value, field)

    def summary(self, value: Any, field: Field) -> str:
        if not isinstance(value, Mapping) or value.get("value") is None:
            return super().summary(value, field)
        number = str(value["value"])
        return _("%(number)s (déclaré, à vérifier)") % {"number": number} if value.get("declared") else number

    def accepted(self, field: Field) -> dict[str, Any]:
        """The one that the person declares, for when nobody answers."""
        return {"type": ["string", "integer"]}

    def schema(self, field: Field) -> dict[str, Any]:
        found = super().schema(field)
        own = {"value": {"type": "integer"}, "month": {"type": ["integer", "string"]}, "declared": {"type": "boolean"}}
        del found["properties"]["data"]
        return {**found, "properties": {**own, **found["properties"]}}


TYPE = FamilyQuotient()
