"""E-mail, phone, postal address and SIRET: how to reach and identify an applicant (CRPA R112-9-1)."""

import re
from typing import Any

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.fr import siret

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_lines, cleaned_text, part

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
# Metropolitan France first, then the numbering zones of the overseas territories.
_REGIONS = ("FR", "GP", "GF", "MQ", "RE", "YT", "NC", "PF", "PM", "WF", "BL", "MF")

# Numbers kept by ARCEP for works of fiction: examples, demonstrations and tests use them, and nobody is ever called.
_FICTIONAL = re.compile(r"\+33(?:19900|26191|35301|46571|53649|63998)[0-9]{4}")
_E164 = phonenumbers.PhoneNumberFormat.E164


class Email(FieldType):
    name = "email"
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


class Phone(FieldType):
    """Kept in E.164, so that two spellings of a number are one number."""

    name = "phone"
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


class Address(FieldType):
    """`{lines, postal_code, city}`. Each part may be corrected alone, so the error names the part."""

    name = "address"
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
        if not re.fullmatch(r"(?:0[1-9]|[1-8]\d|9[0-8]|99)\d{3}", value["postal_code"]):
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


class Siret(FieldType):
    name = "siret"
    tokens = ()
    format = gettext_lazy("14 chiffres")
    example = "732 829 320 00074"

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        return text.replace(" ", "").replace(".", "") if text else None

    def check(self, value: Any, field: Field) -> str | None:
        try:
            siret.validate(value)
        except BadNumber:
            return self.wrong(field, _("ce numéro SIRET n’est pas valable."))
        return None

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{14}$"}


TYPES = (Email(), Phone(), Address(), Siret())
