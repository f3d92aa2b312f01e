import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

# Official geographic code (COG): 2A and 2B in Corsica, three digits of department overseas.
INSEE_CODE = re.compile(r"(?:(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5])[0-9]{3}|97[1-8][0-9]{2}|98[46-9][0-9]{2})")
_ABROAD = re.compile(r"99[0-9]{3}")


class InseeCode(FieldType):
    """The code of a commune in the official geographic code. Settings: `abroad: true` takes that of a country too."""

    name = "insee_code"
    label = gettext_lazy("Code INSEE d’une commune")
    family = "contact"
    widget = "code"
    format = gettext_lazy("cinq signes : ce n’est pas le code postal")
    example = "2A004"
    settings = {"abroad": bool, "example": (str, dict)}

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        return text.replace(" ", "").upper() if text else None

    def check(self, value: Any, field: Field) -> str | None:
        if INSEE_CODE.fullmatch(value) or (field.settings.get("abroad") and _ABROAD.fullmatch(value)):
            return None
        if value.startswith("20"):
            return self.wrong(field, _("en Corse, le code INSEE commence par 2A ou 2B."))
        return self.wrong(field, _("ce code INSEE n’existe pas."))

    def schema(self, field: Field) -> dict[str, Any]:
        codes = f"(?:{INSEE_CODE.pattern}|{_ABROAD.pattern})" if field.settings.get("abroad") else INSEE_CODE.pattern
        return {"type": "string", "pattern": f"^{codes}$"}


TYPE = InseeCode()
