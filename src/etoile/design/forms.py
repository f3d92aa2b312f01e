"""What the forms written in Python have in common: their labels, a line of text, several, a day.

Everywhere `required` is the sentence of the refusal, empty when the question may be left without an answer; `most` is
in characters. A template draws them through `fields.from_bound`.
"""

from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

WRONG_DAY: Final = _("Cette date ne se lit pas. Exemple : 15/01/2027.")


class Plain(forms.Form):
    """A form whose labels end as they are written; `ids` is the pattern of the identifiers of its controls."""

    ids: ClassVar[str] = "id_%s"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": self.ids, "label_suffix": "", **kwargs})


def line(label: Any, *, required: Any = "", hint: Any = "", most: int = 200, **attributes: str) -> forms.CharField:
    """`attributes` of the control: `autocomplete`, `inputmode`."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=bool(required),
        help_text=hint,
        widget=forms.TextInput(attrs=attributes),
        error_messages={"required": required} if required else None,
    )


def lines(label: Any, *, rows: int = 3, required: Any = "", hint: Any = "", most: int = 1000) -> forms.CharField:
    found = line(label, required=required, hint=hint, most=most)
    found.widget = forms.Textarea(attrs={"rows": str(rows)})
    return found


def day(label: Any, *, required: Any = "", hint: Any = "", invalid: Any = WRONG_DAY) -> forms.DateField:
    """`invalid` is the sentence for what is no date."""
    return forms.DateField(
        label=label,
        required=bool(required),
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": invalid, **({"required": required} if required else {})},
    )
