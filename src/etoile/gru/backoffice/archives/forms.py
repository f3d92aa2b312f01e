"""What one types in the archives."""

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import day


class Reason(forms.Form):
    """Why, in a sentence that is kept."""

    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=300,
        help_text=_("Gardé avec votre nom. Exemple : recours au tribunal du 3 mars."),
        error_messages={"required": _("Dites pourquoi, en une phrase.")},
    )


class Opening(Reason):
    prefix = "ouvrir"


class Back(Reason):
    prefix = "retour"


class Hold(Reason):
    prefix = "garde"


class Refusal(Reason):
    prefix = "refus"


class Agreement(forms.Form):
    """The visa of the departmental archives, or their acknowledgement of a transfer."""

    prefix = "visa"

    agreement = forms.CharField(
        label=_("Numéro du visa"),
        max_length=100,
        help_text=_("Celui du bordereau signé, ou de l’accusé de versement. Exemple : AD49-2026-12."),
        error_messages={"required": _("Écrivez le numéro du visa.")},
    )
    by = forms.CharField(
        label=_("Signé par"),
        max_length=200,
        help_text=_("Nom et qualité. Exemple : Anne Roux, directrice des archives départementales."),
        error_messages={"required": _("Écrivez qui a signé.")},
    )
    on = day(
        _("Date du visa"),
        required=_("Choisissez la date du visa, par exemple 15/01/2027."),
        invalid=_("La date du visa n’est pas une date. Exemple : 15/01/2027."),
    )
