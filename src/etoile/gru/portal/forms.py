"""The two small forms of the follow-up that are not procedures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class LinkForm(forms.Form):
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
        error_messages={
            "required": _("Indiquez votre adresse électronique, par exemple camille.martin@exemple.fr."),
            "invalid": _("Cette adresse électronique n’est pas valable. Exemple : camille.martin@exemple.fr."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="champ-%s", label_suffix="", **kwargs)
