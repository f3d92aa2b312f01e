"""What the forms of the administration have in common."""

from typing import Any

from django import forms


class Plain(forms.Form):
    """A form whose labels end as they are written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


def line(label: Any, *, required: Any = "", hint: Any = "", most: int = 200) -> forms.CharField:
    """One line of text; `required` is the sentence of the refusal, empty when it may be left out."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=bool(required),
        help_text=hint,
        error_messages={"required": required} if required else None,
    )


def lines(label: Any, *, rows: int = 3, required: Any = "", hint: Any = "", most: int = 1000) -> forms.CharField:
    found = line(label, required=required, hint=hint, most=most)
    found.widget = forms.Textarea(attrs={"rows": str(rows)})
    return found


def day(label: Any, *, required: Any = "", hint: Any = "", invalid: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=bool(required),
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": invalid, **({"required": required} if required else {})},
    )
