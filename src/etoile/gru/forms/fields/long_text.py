from typing import Any

from django.utils.translation import gettext_lazy

from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields.base import cleaned_lines
from etoile.gru.forms.fields.text import ShortText


class LongText(ShortText):
    """Settings: `max_length` (characters, 2000 unless told, 4999 at most), `min_length`, `rows`, `example`."""

    name = "long_text"
    label = gettext_lazy("Texte long")
    widget = "textarea"
    tokens = ("street-address",)
    format = gettext_lazy("texte libre")
    example = "Le banc est cassé depuis lundi, une planche dépasse"
    settings = {"max_length": int, "min_length": int, "example": (str, dict), "rows": int}
    ceiling = 4999
    usual = 2000

    def normalise(self, raw: Any, field: Field) -> str | None:
        return cleaned_lines(raw)


TYPE = LongText()
