"""The small forms that are not procedures: finding a request again, taking one up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_EMAIL_ERRORS = {
    "required": _("Indiquez votre adresse électronique, par exemple camille.martin@exemple.fr."),
    "invalid": _("Cette adresse électronique n’est pas valable. Exemple : camille.martin@exemple.fr."),
}


class PlainForm(forms.Form):
    """Identifiers as the design wants them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="champ-%s", label_suffix="", **kwargs)


class LinkForm(PlainForm):
    """Reference and e-mail, to receive the link again."""

    reference = forms.CharField(
        label=_("Référence de la demande"),
        max_length=20,
        help_text=_("Elle figure sur votre accusé d’enregistrement. Par exemple : 26-K7QM-3"),
        error_messages={"required": _("Indiquez la référence de votre demande, par exemple 26-K7QM-3.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Adresse électronique"),
        max_length=254,
        help_text=_("Celle que vous avez donnée dans la demande. Par exemple : camille.martin@exemple.fr"),
        error_messages=_EMAIL_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class EmailForm(PlainForm):
    """Where to send the link that takes a request up."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        max_length=254,
        help_text=_("Par exemple : camille.martin@exemple.fr. Elle ne sert qu’à envoyer ce lien."),
        error_messages=_EMAIL_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CodeForm(PlainForm):
    """The code that was shown when the request was left."""

    code = forms.CharField(
        label=_("Code de reprise"),
        max_length=40,
        help_text=_("Douze lettres et chiffres. Par exemple : K7QM-3XPT-9DBR"),
        error_messages={"required": _("Indiquez le code de reprise, par exemple K7QM-3XPT-9DBR.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
