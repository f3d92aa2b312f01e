from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text, part
from etoile.gru.forms.fields.name import TYPE as NAME

_TICKED = {"on", "yes", "oui", "true", "1"}


class Signature(FieldType):
    """`{name, agreed}`: the person writes their name and ticks that it is worth a signature. A simple signature
    (eIDAS, article 3, 10): the request's history and receipt date it; nobody's identity is proven by it.
    """

    name = "signature"
    label = gettext_lazy("Signature")
    family = "person"
    widget = "signature"
    parts = ("name", "agreed")
    tokens = ("name",)
    part_tokens = {"name": "name"}
    format = gettext_lazy("vos prénoms et votre nom, et la case cochée")
    example = "Camille Martin"

    def normalise(self, raw: Any, field: Field) -> Any:
        name = cleaned_text(part(raw, "name") if not isinstance(raw, str) else raw)
        given = part(raw, "agreed")
        agreed = given is True or (isinstance(given, str) and given.strip().lower() in _TICKED)
        return {"name": (name or "").replace("’", "'"), "agreed": agreed} if name or agreed else None

    def check(self, value: Any, field: Field) -> str | None:
        if not value["name"]:
            return self.wrong(field, _("écrivez vos prénoms et votre nom."))
        if len(value["name"]) > 200 or NAME.check(value["name"][:100], field):
            return self.wrong(field, _("ce nom contient un caractère qui n’est pas permis."))
        if not value["agreed"]:
            return self.wrong(field, _("cochez la case pour signer."))
        return None

    def summary(self, value: Any, field: Field) -> str:
        return _("Signé par %(name)s") % {"name": value["name"]} if isinstance(value, dict) else ""

    def schema(self, field: Field) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {"name": {"type": "string", "maxLength": 200}, "agreed": {"const": True}},
            "required": list(self.parts),
            "additionalProperties": False,
        }


TYPE = Signature()
