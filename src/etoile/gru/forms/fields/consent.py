from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.yes_no import YesNo


class Consent(YesNo):
    """A box to tick. Required, it must be ticked: leaving it is an answer nobody can record as an agreement."""

    name = "consent"
    label = gettext_lazy("Case à cocher")
    widget = "checkbox"
    format = gettext_lazy("case cochée")
    example = "☑"

    def normalise(self, raw: Any, field: Field) -> Any:
        value = super().normalise(raw, field)
        return None if value is False else value

    def check(self, value: Any, field: Field) -> str | None:
        return None if value is True else self.missing(field)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"const": True}

    def missing(self, field: Field) -> str:
        return _("« %(label)s » : cochez cette case pour continuer. %(help)s") % {
            "label": field.label,
            "help": self.guidance(field),
        }


TYPE = Consent()
