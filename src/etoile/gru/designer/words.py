"""Texts in two languages, as a Django form asks them and as a definition keeps them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from etoile.design.forms import Plain
from etoile.gru.forms.texts import Text

ENGLISH = "_en"


class Worded(Plain):
    """A form whose texts are `{fr, en}`: a control for the French, one for the English, side by side in the source.

    `texts` names them. French is the text; English alone is refused, since it would never be shown.
    """

    texts: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.texts:
            if cleaned.get(name + ENGLISH) and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Écrivez d’abord le texte en français : l’anglais le complète."))
        return cleaned

    def said(self, name: str) -> dict[str, str]:
        """The text as the source keeps it, other languages of the draft included; empty when nothing is written."""
        french, english = self.cleaned_data.get(name, ""), self.cleaned_data.get(name + ENGLISH, "")
        others = {code: words for code, words in self.kept(name).items() if code not in ("fr", "en")}
        return {"fr": french, **({"en": english} if english else {}), **others} if french else {}

    def kept(self, name: str) -> Mapping[str, str]:
        """What the source had, for the languages that this form does not ask."""
        found = self.initial.get(f"{name}_kept")
        return found if isinstance(found, Mapping) else {}


def line(
    label: str | Promise, *, required: str | Promise = "", most: int = 200, hint: str | Promise = ""
) -> forms.CharField:
    """A text of one line; `required` is the sentence when it is missing."""
    errors: dict[str, Any] = {"required": required} if required else {}
    return forms.CharField(label=label, max_length=most, required=bool(required), help_text=hint, error_messages=errors)


def lines(label: str | Promise, *, most: int = 2000, rows: int = 3, hint: str | Promise = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": str(rows)})
    return forms.CharField(label=label, max_length=most, required=False, help_text=hint, widget=widget)


def initial(node: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """What a form shows at first of the texts of a node."""
    found: dict[str, Any] = {}
    for name in names:
        text = Text.of(node.get(name))
        found |= {name: text.fr, name + ENGLISH: text.en, f"{name}_kept": text.raw() if text else {}}
    return found
