"""What agents fill in about a person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import Plain, day, line
from etoile.gru.people.certifying import REWRITABLE
from etoile.gru.people.models import Level
from etoile.gru.people.search import CRITERIA

PROOF = [
    (int(Level.OFFICIAL_PROOF_SEEN), _("Un document officiel, présenté au guichet")),
    (int(Level.OFFICIAL_PROOF), _("La copie d’un document officiel")),
    (int(Level.UNOFFICIAL_PROOF_SEEN), _("Un autre justificatif, présenté au guichet")),
    (int(Level.UNOFFICIAL_PROOF), _("La copie d’un autre justificatif")),
]


def line_field(label: Any, most: int = 100, inputmode: str = "") -> forms.CharField:
    """Of somebody else: the browser does not offer what it knows of who types."""
    return line(label, most=most, autocomplete="off", inputmode=inputmode)


class Search(Plain):
    """By two things at least; sent in the body, so that no name is left in an address nor in a log."""

    family_name = line_field(_("Nom de famille"))
    given_names = line_field(_("Prénom"))
    birth_date = day(_("Date de naissance"))
    email = line_field(_("Adresse électronique"), 254)
    phone = line_field(_("Téléphone"), 30, "tel")
    address = line_field(_("Code postal"), 10, "numeric")
    organisation = line_field(_("Organisme"), 200)
    siret = line_field(_("SIRET"), 20, "numeric")

    @property
    def criteria(self) -> dict[str, str]:
        return {key: str(self.cleaned_data.get(key) or "") for key in CRITERIA}


class Certify(Plain):
    proof = forms.TypedChoiceField(
        label=_("Ce que vous avez vu"),
        coerce=lambda chosen: Level(int(chosen)),
        choices=PROOF,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez ce que vous avez vu.")},
    )
    until = day(
        _("Valable jusqu’au"),
        hint=_("Après ce jour, l’information ne vaudra plus que ce que dit la personne. Vide : sans fin."),
    )
    value = forms.CharField(
        label=_("Comme c’est écrit sur le justificatif"),
        max_length=200,
        required=False,
        help_text=_("Corrigez si c’est écrit autrement."),
    )

    def __init__(self, *args: Any, key: str, said: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if key in REWRITABLE:
            self.fields["value"].initial = said
        else:
            del self.fields["value"]
