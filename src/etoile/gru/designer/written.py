"""Settings that are lists or tables of pairs, written one a line: `marque`, or `code = identifiant`."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from etoile.gru.forms.texts import Text


class Written(forms.CharField):
    """`wanted` is `list` or `dict`; the value is what the source keeps."""

    def __init__(self, wanted: type, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": "3"}), **kwargs)
        self.wanted = wanted

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if self.wanted is list:
            return [_shown(line) if "=" in line else line for line in lines]
        if any("=" not in line for line in lines):
            raise forms.ValidationError(
                _("Écrivez une ligne par paramètre, avec un signe égal. Exemple : code = numero")
            )
        return {name.strip(): words.strip() for name, _equals, words in (line.partition("=") for line in lines)}


def written(value: Any) -> str:
    """What the box shows of a list or of a table of pairs."""
    if isinstance(value, dict):
        return "\n".join(f"{name} = {words}" for name, words in value.items())
    return "\n".join(_line(each) for each in value)


def _shown(line: str) -> dict[str, str]:
    path, _equals, label = line.partition("=")
    return {"path": path.strip(), "label": label.strip()}


def _line(each: Any) -> str:
    if isinstance(each, dict):
        return f"{each.get('path', '')} = {Text.of(each.get('label')).fr}"
    return str(Text.of(each).fr if isinstance(each, dict) else each)
