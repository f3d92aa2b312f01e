"""The small forms that are not procedures: finding a request again, taking one up."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import Plain
from etoile.gru.filling import mandates
from etoile.gru.filling.mandates import Mandate

EMAIL_ERRORS = {
    "required": _("Indiquez votre adresse électronique, par exemple camille.martin@exemple.fr."),
    "invalid": _("Cette adresse électronique n’est pas valable. Exemple : camille.martin@exemple.fr."),
}


class PlainForm(Plain):
    """Its controls are named as the questions of a procedure are."""

    ids = "champ-%s"


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
        error_messages=EMAIL_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class EmailForm(PlainForm):
    """Where to send the link that takes a request up."""

    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        max_length=254,
        help_text=_("Par exemple : camille.martin@exemple.fr. Elle ne sert qu’à envoyer ce lien."),
        error_messages=EMAIL_ERRORS,
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


class MandateForm(PlainForm):
    """For whom, when it is not for oneself. All of it is left empty by who asks for oneself, or for one of those that
    their account tells of (`known`: the value and the words of each)."""

    on_behalf_of = forms.ChoiceField(label=_("Pour qui ?"), required=False, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Son nom"),
        max_length=200,
        required=False,
        help_text=_("Prénom et nom de la personne, ou nom de l’organisme. Par exemple : Lou Martin"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    capacity = forms.ChoiceField(
        label=_("À quel titre ?"), choices=lambda: mandates.CAPACITIES.items(), required=False, widget=forms.RadioSelect
    )
    sworn = forms.BooleanField(label=_("Je certifie pouvoir faire cette demande en son nom."), required=False)

    def __init__(
        self, *args: Any, offered: Sequence[tuple[str, str]], known: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if known:
            self.fields["tie"] = forms.ChoiceField(
                label=_("Pour qui faites-vous cette démarche ?"),
                choices=[("", _("Pour moi")), *known],
                required=False,
                initial="",
                widget=forms.RadioSelect,
            )
        self.offered = offered
        self.fields["on_behalf_of"].choices = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not given.get("tie") and any(given.get(name) for name in _WANTED):
            for name, words in _WANTED.items():
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return given

    @property
    def somebody_else(self) -> list[forms.BoundField]:
        """What is asked of somebody whom the account does not tell of."""
        return [self[name] for name in _WANTED]

    def mandate(self) -> Mandate | None:
        """Once valid; None when it is for oneself."""
        given = self.cleaned_data
        if not given.get("on_behalf_of"):
            return None
        return Mandate(given["on_behalf_of"], given["name"], given["capacity"])


_WANTED = {
    "on_behalf_of": _("Choisissez pour qui vous faites cette demande, par exemple : Mon enfant."),
    "name": _("Indiquez son nom, par exemple : Lou Martin."),
    "capacity": _("Dites à quel titre vous faites cette demande, par exemple : Son parent."),
    "sworn": _("Cochez cette case pour faire la demande en son nom."),
}
