import re
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

# Metropolitan France first, then the numbering zones of the overseas territories.
_REGIONS = ("FR", "GP", "GF", "MQ", "RE", "YT", "NC", "PF", "PM", "WF", "BL", "MF")

# Numbers kept by ARCEP for works of fiction: examples, demonstrations and tests use them, and nobody is ever called.
_FICTIONAL = re.compile(r"\+33(?:19900|26191|35301|46571|53649|63998)[0-9]{4}")
_E164 = phonenumbers.PhoneNumberFormat.E164


class Phone(FieldType):
    """Kept in E.164, so that two spellings of a number are one number. A number of an overseas territory is known with
    its prefix (`+262`, `+594`, `+687`) or as it is dialled there.
    """

    name = "phone"
    label = gettext_lazy("Téléphone")
    family = "contact"
    widget = "tel"
    tokens = ("tel",)
    format = gettext_lazy("dix chiffres, ou + et l’indicatif du pays")
    example = "06 39 98 01 23"

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        number = _phone(text) if text else None
        return phonenumbers.format_number(number, _E164) if number else text

    def check(self, value: Any, field: Field) -> str | None:
        return None if _phone(value) else self.wrong(field, _("ce numéro de téléphone n’existe pas."))

    def summary(self, value: Any, field: Field) -> str:
        number = _phone(value)
        if number is None:
            return "" if value is None else str(value)
        national = number.country_code == 33
        kind = phonenumbers.PhoneNumberFormat.NATIONAL if national else phonenumbers.PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, kind)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\+[0-9]{8,15}$"}


def _phone(text: str) -> phonenumbers.PhoneNumber | None:
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or _FICTIONAL.fullmatch(phonenumbers.format_number(number, _E164)):
            return number
    return None


TYPE = Phone()
