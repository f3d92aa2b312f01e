import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

_REFERENCE = re.compile(r"[0-9]{2}-[2-9B-DF-HJ-NP-TV-Z]{4,}-[2-9A-DF-HJ-NP-TV-Z]")


class CaseLink(FieldType):
    """The reference of an earlier request, such as `26-K7QM-3`. Its form is checked, not that it exists: a reference is
    no credential, and an answer must not tell a stranger which ones do.
    """

    name = "case_link"
    label = gettext_lazy("Référence d’une autre demande")
    family = "person"
    widget = "code"
    format = gettext_lazy("la référence écrite sur votre accusé de réception")
    example = "26-K7QM-3"

    def normalise(self, raw: Any, field: Field) -> str | None:
        text = cleaned_text(raw)
        bare = "".join(sign for sign in (text or "").upper() if sign.isalnum())
        spelt = f"{bare[:2]}-{bare[2:-1]}-{bare[-1:]}"
        return spelt if _REFERENCE.fullmatch(spelt) else text

    def check(self, value: Any, field: Field) -> str | None:
        return None if _REFERENCE.fullmatch(value) else self.wrong(field, _("cette référence n’est pas complète."))

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{_REFERENCE.pattern}$"}


TYPE = CaseLink()
