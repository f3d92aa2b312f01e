"""What an agent says of a request before writing it down: how it came, when, whether the person has an e-mail."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etoile.gru.cases.states import Channel
from etoile.gru.counter.entering import Arrival
from etoile.gru.documents.kinds import accepted_words
from etoile.gru.filling.files import ORIGINAL_KINDS, ORIGINAL_MOST
from etoile.gru.filling.mandates import Mandate


class Search(forms.Form):
    mots = forms.CharField(
        label=_("Que demande la personne ?"),
        required=False,
        max_length=100,
        help_text=_("Quelques mots, comme elle le dit. Par exemple : acte de naissance."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class ArrivalForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("Comment la demande arrive-t-elle ?"),
        choices=[
            (Channel.COUNTER.value, _("Au guichet")),
            (Channel.PHONE.value, _("Par téléphone")),
            (Channel.MAIL.value, _("Par courrier")),
            (Channel.EMAIL.value, _("Par courriel")),
        ],
        initial=Channel.COUNTER.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites comment la demande arrive, par exemple au guichet.")},
    )
    received_on = forms.DateField(
        label=_("Reçue le"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Le jour où elle est arrivée à la mairie : les délais se comptent de ce jour."),
        error_messages={
            "required": _("Indiquez le jour de réception, par exemple 15/01/2027."),
            "invalid": _("Le jour de réception n’est pas une date. Exemple : 15/01/2027."),
        },
    )
    no_email = forms.BooleanField(
        label=_("La personne n’a pas d’adresse électronique"),
        required=False,
        help_text=_("Ce qui doit lui être dit s’ajoute alors aux lettres à imprimer."),
    )
    original = forms.FileField(label=_("Courrier ou message d’origine, numérisé"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="champ-%s", label_suffix="", **kwargs)
        self.fields["received_on"].initial = timezone.localdate()
        self.fields["original"].help_text = _("Facultatif. %(kinds)s, %(n)s fichiers au plus, 10 Mo chacun.") % {
            "kinds": accepted_words(ORIGINAL_KINDS),
            "n": ORIGINAL_MOST,
        }

    def arrival(self, mandate: Mandate | None) -> Arrival:
        """Once valid."""
        given = self.cleaned_data
        return Arrival(Channel(given["channel"]), given["received_on"], not given["no_email"], mandate)
