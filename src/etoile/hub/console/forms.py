from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.utils.translation import gettext_lazy as _

from etoile.hub.delivery.states import DeliveryState

OLDEST_FIRST = "anciens"


class SignIn(AuthenticationForm):
    username = UsernameField(
        label=_("Courriel professionnel"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Écrivez votre courriel professionnel, par exemple prenom.nom@ville.fr.")},
    )
    error_messages = {
        "invalid_login": _("Courriel ou mot de passe inconnu. Vérifiez-les, puis recommencez."),
        "inactive": _("Ce compte est fermé. Demandez à la personne qui gère les comptes."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = _("Écrivez votre mot de passe.")


class Decision(forms.Form):
    """A human's written decision: it goes to the journal with its author."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=500,
        help_text=_("Il reste au journal avec votre nom. Exemple : « L’application a été réparée ce matin. »"),
        error_messages={"required": _("Écrivez le motif de votre décision, par exemple « Application réparée ».")},
    )


class DeliveryFilter(forms.Form):
    application = forms.ChoiceField(label=_("Application"), required=False)
    state = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[("", _("Tous")), ("waiting", _("En attente")), ("stuck", _("À traiter")), *DeliveryState.choices],
    )

    order = forms.ChoiceField(
        label=_("Ordre"),
        required=False,
        choices=[("", _("Les plus récents d’abord")), (OLDEST_FIRST, _("Les plus anciens d’abord"))],
    )

    def __init__(self, *args, applications=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["application"].choices = [("", _("Toutes")), *applications]


class MessageSearch(forms.Form):
    q = forms.CharField(
        label=_("Chercher"),
        required=False,
        max_length=120,
        help_text=_("Référence de la demande, sujet ou identifiant"),
    )
