from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType, cleaned_text

_TRUE, _FALSE = {"yes", "oui", "true", "1", "on"}, {"no", "non", "false", "0"}


class YesNo(FieldType):
    """An explicit answer: nothing is ticked beforehand."""

    name = "yes_no"
    label = gettext_lazy("Oui ou non")
    family = "choice"
    widget = "radios"
    format = gettext_lazy("oui ou non")
    example = "oui"

    def choices(self, field: Field) -> list[tuple[str, str]]:
        return [("yes", _("Oui")), ("no", _("Non"))]

    def missing(self, field: Field) -> str:
        return _("« %(label)s » : répondez par oui ou par non. Exemple : oui.") % {"label": field.label}

    def normalise(self, raw: Any, field: Field) -> Any:
        if isinstance(raw, bool):
            return raw
        text = cleaned_text(raw)
        return True if text in _TRUE else False if text in _FALSE else text

    def check(self, value: Any, field: Field) -> str | None:
        return None if isinstance(value, bool) else self.wrong(field, _("répondez par oui ou par non."))

    def summary(self, value: Any, field: Field) -> str:
        return _("Oui") if value is True else _("Non") if value is False else ""

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "boolean"}


TYPE = YesNo()
