"""What an agent says of a request before writing it down: how it came, when, whether the person has an e-mail."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import day
from etoile.gru.access.models import Authority, Team
from etoile.gru.cases.states import Channel
from etoile.gru.counter.entering import Arrival
from etoile.gru.documents.kinds import JOINED, accepted_words
from etoile.gru.filling.files import ORIGINAL_MOST
from etoile.gru.filling.mandates import Mandate
from etoile.gru.portal.forms import PlainForm

CHANNELS = [
    (Channel.COUNTER.value, _("Au guichet")),
    (Channel.PHONE.value, _("Par téléphone")),
    (Channel.MAIL.value, _("Par courrier")),
    (Channel.EMAIL.value, _("Par courriel")),
]


class Search(forms.Form):
    mots = forms.CharField(
        label=_("Que demande la personne ?"),
        required=False,
        max_length=100,
        help_text=_("Quelques mots, comme elle le dit. Par exemple : acte de naissance."),
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class ArrivalForm(PlainForm):
    channel = forms.ChoiceField(
        label=_("Comment la demande arrive-t-elle ?"),
        choices=CHANNELS,
        initial=Channel.COUNTER.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites comment la demande arrive, par exemple au guichet.")},
    )
    received_on = day(
        _("Reçue le"),
        hint=_("Le jour où elle est arrivée à la mairie : les délais se comptent de ce jour."),
        required=_("Indiquez le jour de réception, par exemple 15/01/2027."),
        invalid=_("Le jour de réception n’est pas une date. Exemple : 15/01/2027."),
    )
    no_email = forms.BooleanField(
        label=_("La personne n’a pas d’adresse électronique"),
        required=False,
        help_text=_("Ce qui doit lui être dit s’ajoute alors aux lettres à imprimer."),
    )
    original = forms.FileField(label=_("Courrier ou message d’origine, numérisé"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = timezone.localdate()
        self.fields["original"].help_text = _("Facultatif. %(kinds)s, %(n)s fichiers au plus, 10 Mo chacun.") % {
            "kinds": accepted_words(JOINED),
            "n": ORIGINAL_MOST,
        }

    def arrival(self, mandate: Mandate | None) -> Arrival:
        """Once valid."""
        given = self.cleaned_data
        return Arrival(Channel(given["channel"]), given["received_on"], not given["no_email"], mandate)


class QuestionForm(PlainForm):
    channel = forms.ChoiceField(
        label=_("Comment la question arrive-t-elle ?"),
        choices=CHANNELS,
        initial=Channel.PHONE.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites comment la question arrive, par exemple par téléphone.")},
    )
    team = forms.ModelChoiceField(
        label=_("Service qui sait répondre"),
        queryset=Team.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choisissez le service qui sait répondre.")},
    )
    asked = forms.CharField(
        label=_("Ce que la personne demande"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Sans nom, sans adresse, sans rien qui dise qui elle est."),
        error_messages={"required": _("Écrivez ce que la personne demande.")},
    )
    answer = forms.CharField(
        label=_("Réponse donnée"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Laissez vide si le service doit répondre : la personne reviendra avec le numéro."),
    )

    def __init__(self, authority: Authority, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(authority=authority).order_by("name")  # type: ignore[attr-defined]
        self.fields["team"].label_from_instance = lambda team: team.name  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Réponse"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Elle sera lue à la personne. Une fois enregistrée, elle ne change plus."),
        error_messages={"required": _("Écrivez la réponse.")},
    )


class NumberForm(forms.Form):
    numero = forms.CharField(
        label=_("Numéro donné à la personne"),
        required=False,
        max_length=12,
        help_text=_("Par exemple : R-42"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
