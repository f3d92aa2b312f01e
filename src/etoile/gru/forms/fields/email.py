import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


class Email(FieldType):
    name = "email"
    label = gettext_lazy("Adresse électronique")
    family = "contact"
    widget = "email"
    tokens = ("email",)
    format = gettext_lazy("nom@domaine.fr")
    example = "camille.martin@exemple.fr"

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        if text is None or "@" not in text:
            return text
        local, _at, domain = text.rpartition("@")
        return f"{local}@{domain.lower()}"

    def check(self, value: Any, field: Field) -> str | None:
        local = value.partition("@")[0]
        if 6 <= len(value) <= 254 and len(local) <= 64 and _EMAIL.fullmatch(value):
            return None
        return self.wrong(field, _("cette adresse électronique n’est pas valable."))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "format": "email", "maxLength": 254}


TYPE = Email()
