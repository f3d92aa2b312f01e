import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_lines, cleaned_text, part

# Of France and its overseas territories; 99 is that of addresses abroad.
POSTAL_CODE = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-8]|99)[0-9]{3}")


class Address(FieldType):
    """`{lines, postal_code, city}`. Each part may be corrected alone, so the error names the part."""

    name = "address"
    label = gettext_lazy("Adresse postale")
    family = "contact"
    widget = "address"
    parts = ("lines", "postal_code", "city")
    tokens = ("street-address",)
    part_tokens = {"lines": "street-address", "postal_code": "postal-code", "city": "address-level2"}
    format = gettext_lazy("numéro et voie, code postal à cinq chiffres, commune")
    example = "12 rue des Tilleuls, 49000 Exemple-sur-Loire"

    def normalise(self, raw: Any, field: Field) -> dict[str, str] | None:
        if isinstance(raw, str):
            raw = {"lines": raw}
        lines, city = cleaned_lines(part(raw, "lines")), cleaned_text(part(raw, "city"))
        code = cleaned_text(part(raw, "postal_code"))
        code = code.replace(" ", "") if code else None
        if lines:
            lines = "\n".join(line.strip() for line in lines.split("\n") if line.strip())
        if not (lines or city or code):
            return None
        return {"lines": lines or "", "postal_code": code or "", "city": city or ""}

    def check(self, value: Any, field: Field) -> str | None:
        if not value["lines"]:
            return self.wrong(field, _("il manque le numéro et la voie."))
        if len(value["lines"]) > 250 or value["lines"].count("\n") > 4:
            return self.wrong(field, _("le numéro et la voie tiennent sur cinq lignes et 250 caractères au plus."))
        if not POSTAL_CODE.fullmatch(value["postal_code"]):
            return self.wrong(field, _("le code postal n’est pas valable."))
        if not value["city"] or len(value["city"]) > 100:
            return self.wrong(field, _("il manque la commune."))
        return None

    def summary(self, value: Any, field: Field) -> str:
        return "" if value is None else f"{value['lines']}\n{value['postal_code']} {value['city']}"

    def schema(self, field: Field) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {name: {"type": "string"} for name in self.parts},
            "required": list(self.parts),
            "additionalProperties": False,
        }


TYPE = Address()
