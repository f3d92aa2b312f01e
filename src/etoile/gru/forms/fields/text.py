from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import FieldType

NAME_TOKENS = (
    "name", "honorific-prefix", "given-name", "additional-name", "family-name", "nickname", "organization",
    "organization-title", "street-address", "address-line1", "address-line2", "address-line3", "address-level2",
    "postal-code", "country", "country-name",
)  # fmt: skip


class ShortText(FieldType):
    """Settings: `max_length` (characters, 200 unless told, 499 at most), `min_length`, `width`, `example`."""

    name = "text"
    label = gettext_lazy("Texte court")
    tokens: tuple[str, ...] = NAME_TOKENS
    format = gettext_lazy("texte court")
    example = "Fête du quartier des Tilleuls"
    settings = {"max_length": int, "min_length": int, "example": (str, dict), "width": str}
    ceiling = 499
    usual = 200

    def limit(self, field: Field) -> int:
        return min(int(field.settings.get("max_length", self.usual)), self.ceiling)

    def expected(self, field: Field) -> str:
        return _("%(format)s, %(count)d caractères au plus") % {"format": self.format, "count": self.limit(field)}

    def missing(self, field: Field) -> str:
        """Any text will do: an example says more than a length that nobody has passed."""
        return _("« %(label)s » : il manque votre réponse. Exemple : %(example)s.") % {
            "label": field.label,
            "example": self.shown_example(field),
        }

    def check(self, value: Any, field: Field) -> str | None:
        if len(value) > self.limit(field):
            return self.wrong(field, _("votre texte a %(count)d caractères, c’est trop.") % {"count": len(value)})
        if len(value) < int(field.settings.get("min_length", 0)):
            return self.wrong(field, _("votre texte est trop court."))
        return None

    def schema(self, field: Field) -> dict[str, Any]:
        least = field.settings.get("min_length")
        return {"type": "string", "maxLength": self.limit(field), **({"minLength": least} if least else {})}

    def inconsistencies(self, field: Field) -> list[str]:
        found = super().inconsistencies(field)
        if field.settings.get("max_length", 1) > self.ceiling:
            found.append(f"max_length ne dépasse pas {self.ceiling}")
        return found


TYPE = ShortText()
