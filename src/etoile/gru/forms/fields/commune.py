from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.address import POSTAL_CODE
from etoile.gru.forms.fields.base import FieldType, cleaned_text, part
from etoile.gru.forms.fields.insee_code import INSEE_CODE


class Commune(FieldType):
    """`{name, postal_code, insee_code?}`: two communes may share a name or a postal code, seldom both. The INSEE code
    is not asked of a person; a link, an account or an application may give it.
    """

    name = "commune"
    label = gettext_lazy("Commune")
    family = "contact"
    widget = "commune"
    parts = ("name", "postal_code", "insee_code")
    tokens = ("address-level2",)
    part_tokens = {"name": "address-level2", "postal_code": "postal-code"}
    format = gettext_lazy("nom de la commune et code postal à cinq chiffres")
    example = "Exemple-sur-Loire, 49000"

    def normalise(self, raw: Any, field: Field) -> dict[str, str] | None:
        if isinstance(raw, str):
            raw = {"name": raw}
        name, code = cleaned_text(part(raw, "name")), cleaned_text(part(raw, "postal_code"))
        insee = cleaned_text(part(raw, "insee_code"))
        if not (name or code or insee):
            return None
        kept = {"name": (name or "").replace("’", "'"), "postal_code": (code or "").replace(" ", "")}
        return {**kept, "insee_code": insee.upper()} if insee else kept

    def check(self, value: Any, field: Field) -> str | None:
        if not value["name"] or len(value["name"]) > 100:
            return self.wrong(field, _("il manque le nom de la commune."))
        if not POSTAL_CODE.fullmatch(value["postal_code"]):
            return self.wrong(field, _("le code postal n’est pas valable."))
        if "insee_code" in value and not INSEE_CODE.fullmatch(value["insee_code"]):
            return self.wrong(field, _("ce code INSEE n’existe pas."))
        return None

    def summary(self, value: Any, field: Field) -> str:
        return f"{value['name']} ({value['postal_code']})" if isinstance(value, dict) else ""

    def schema(self, field: Field) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {
                "name": {"type": "string", "maxLength": 100},
                "postal_code": {"type": "string", "pattern": f"^{POSTAL_CODE.pattern}$"},
                "insee_code": {"type": "string", "pattern": f"^{INSEE_CODE.pattern}$"},
            },
            "required": ["name", "postal_code"],
            "additionalProperties": False,
        }


TYPE = Commune()
