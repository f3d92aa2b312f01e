"""Who is asked for an opinion, about what, and what they are shown."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import day
from etoile.gru.backoffice.forms import Version
from etoile.gru.opinions.services import QUESTION_LIMIT

Choices = Sequence[tuple[str, str]]
USUAL_DELAY = timedelta(days=15)
OUTSIDE = "ailleurs"


class AskOpinion(Version):
    prefix = "avis"

    to = forms.ChoiceField(
        label=_("À qui demander ?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un service, ou une personne extérieure.")},
    )
    name = forms.CharField(
        label=_("Nom de la personne extérieure"),
        max_length=200,
        required=False,
        help_text=_("Par exemple : Architecte des Bâtiments de France."),
    )
    email = forms.EmailField(
        label=_("Son courriel"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Par exemple : udap@culture.example. Le lien n’est envoyé qu’à cette adresse."),
        error_messages={"invalid": _("Ce courriel n’est pas complet. Exemple : nom@exemple.fr.")},
    )
    question = forms.CharField(
        label=_("Question posée"),
        max_length=QUESTION_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Une question à laquelle on répond par un avis favorable ou non."),
        error_messages={"required": _("Écrivez la question posée.")},
    )
    deadline = day(
        _("Avis attendu avant le"),
        hint=_("Un rappel part trois jours avant. Le délai légal ne s’arrête pas. Exemple : 15/01/2027."),
        required=_("Choisissez la date limite, par exemple 15/01/2027."),
        invalid=_("La date limite n’est pas une date. Exemple : 15/01/2027."),
    )
    fields_shown = forms.MultipleChoiceField(
        label=_("Réponses à montrer"), required=False, widget=forms.CheckboxSelectMultiple
    )
    documents = forms.MultipleChoiceField(
        label=_("Documents à montrer"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, teams: Choices, answers: Choices, documents: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].initial = timezone.localdate() + USUAL_DELAY
        for name, choices in (
            ("to", [*teams, (OUTSIDE, _("Une personne extérieure"))]),
            ("fields_shown", answers),
            ("documents", documents),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("to") == OUTSIDE:
            if not given.get("name", "").strip():
                self.add_error("name", _("Écrivez le nom de la personne consultée."))
            if not given.get("email") and "email" not in self.errors:
                self.add_error("email", _("Écrivez le courriel de la personne consultée, par exemple nom@exemple.fr."))
        return given
