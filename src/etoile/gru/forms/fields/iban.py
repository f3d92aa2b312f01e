from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import iban
from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as BadNumber

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text


class Iban(FieldType):
    """A bank account. Kept without spaces, encrypted unless the procedure says otherwise; documents show its ends."""

    name = "iban"
    label = gettext_lazy("Compte bancaire (IBAN)")
    family = "organisation"
    widget = "code"
    privacy = "sensitive"
    format = gettext_lazy("deux lettres et de 13 à 32 signes, avec ou sans espaces")
    example = "FR76 3000 6000 0112 3456 7890 189"

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        if text is None:
            return None
        bare = "".join(sign for sign in text.upper() if sign not in " -.")
        return bare.removeprefix("IBAN").lstrip(":")

    def check(self, value: Any, field: Field) -> str | None:
        if len(value) < 15:
            return self.wrong(field, _("cet IBAN est incomplet."))
        if value.startswith("FR") and len(value) != 27:
            told = {"count": len(value)}
            return self.wrong(field, _("un IBAN français a 27 signes, le vôtre en a %(count)d.") % told)
        try:
            iban.validate(value, check_country=False)
        except InvalidChecksum:
            return self.wrong(field, _("un signe de cet IBAN est faux ou deux sont inversés."))
        except BadNumber:
            return self.wrong(field, _("cet IBAN n’est pas valable."))
        return None

    def summary(self, value: Any, field: Field) -> str:
        text = "" if value is None else str(value)
        return "\u00a0".join(text[start : start + 4] for start in range(0, len(text), 4))

    def plain(self, value: Any, field: Field) -> str:
        text = "" if value is None else str(value)
        return f"{text[:4]} … {text[-3:]}" if len(text) > 10 else text

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}$"}


TYPE = Iban()
