"""What a person tells of those around them. Each form says it by itself (`tell`)."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import day, line
from etoile.gru.access.models import Authority
from etoile.gru.people.models import Person
from etoile.gru.people.words import LEGAL_FORMS
from etoile.gru.portal.forms import EMAIL_ERRORS, PlainForm
from etoile.gru.ties import mine, scopes
from etoile.gru.ties.kinds import CUSTODIES, KINDS


def _line(label: Any, required: Any, most: int = 100, hint: Any = "") -> forms.CharField:
    """Of somebody else: the browser does not offer what it knows of who types."""
    return line(label, required=required, most=most, hint=hint, autocomplete="off")


def _sworn(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, error_messages={"required": _("Cochez cette case pour continuer.")})


class TieForm(PlainForm):
    title: str | Promise
    lead: str | Promise

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def tell(self, person: Person) -> list[str]:
        """Raises `ties.errors.TieRefused`."""
        raise NotImplementedError


class Child(TieForm):
    title = _("Ajouter un enfant")
    lead = _("Un enfant dont vous êtes responsable. Ses inscriptions en seront remplies.")
    given_names = _line(_("Ses prénoms"), _("Indiquez ses prénoms, par exemple : Lou."))
    family_name = _line(_("Son nom"), _("Indiquez son nom, par exemple : Martin."))
    birth_date = day(_("Sa date de naissance"), required=_("Indiquez sa date de naissance, par exemple 15/03/2019."))
    custody = forms.ChoiceField(label=_("Où vit l’enfant ?"), choices=[("", "–"), *CUSTODIES.items()], required=False)
    sworn = _sworn(_("Je certifie être son parent ou son représentant légal."))

    def tell(self, person: Person) -> list[str]:
        given = self.cleaned_data
        values = {key: given[key] for key in ("given_names", "family_name")}
        values["birth_date"] = given["birth_date"].isoformat()
        return mine.tell_child(person, values, {"custody": given["custody"]})


class Organisation(TieForm):
    title = _("Ajouter une association ou une entreprise")
    lead = _("Un organisme où vous avez un rôle. Si vous le représentez, vous pourrez demander en son nom.")
    organisation = _line(
        _("Nom de l’organisme"), _("Indiquez le nom de l’organisme, par exemple : Les Amis de la Loire."), 200
    )
    legal_form = forms.ChoiceField(label=_("C’est"), choices=list(LEGAL_FORMS.items()), widget=forms.RadioSelect)
    role = forms.ChoiceField(
        label=_("Ce que vous y faites"), choices=[(each, KINDS[each].of_holder) for each in mine.ROLES]
    )
    siret = _line(_("Numéro SIRET"), "", 20, hint=_("14 chiffres, si vous l’avez."))
    rna = _line(_("Numéro RNA"), "", 14, hint=_("Pour une association : W et neuf signes."))
    sworn = _sworn(_("Je certifie que c’est exact."))

    def tell(self, person: Person) -> list[str]:
        keys = ("organisation", "legal_form", "siret", "rna")
        return mine.tell_organisation(person, self.cleaned_data["role"], {key: self.cleaned_data[key] for key in keys})


class Mandate(TieForm):
    title = _("Donner un mandat")
    lead = _(
        "Une personne pourra faire des démarches en votre nom, et suivre celles-là seulement. Vous arrêtez ce mandat"
        " quand vous voulez. Une association ou une entreprise n’en reçoit pas ici : donnez-le à qui agit pour elle."
    )
    given_names = _line(_("Ses prénoms"), _("Indiquez ses prénoms, par exemple : Lou."))
    family_name = _line(_("Son nom"), _("Indiquez son nom, par exemple : Martin."))
    email = forms.EmailField(
        label=_("Son adresse électronique"),
        max_length=254,
        required=False,
        help_text=_(
            "Elle acceptera depuis son espace, ouvert avec cette adresse. Tant que le mandat dure, elle y reçoit les"
            " courriels des demandes qu’elle fait pour vous. Sans adresse, elle ne peut rien faire en ligne."
        ),
        error_messages=EMAIL_ERRORS,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    until = day(
        _("Jusqu’au"), required=_("Dites jusqu’à quel jour, par exemple 31/12/2027."), hint=_("Ce jour compris.")
    )
    scope = forms.MultipleChoiceField(
        label=_("Pour quelles démarches"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins une démarche, ou toutes.")},
    )

    def __init__(self, *args: Any, authority: Authority, **kwargs: Any) -> None:
        super().__init__(*args, authority=authority, **kwargs)
        self.fields["scope"].choices = scopes.choices(authority)  # type: ignore[attr-defined]

    def tell(self, person: Person) -> list[str]:
        given = self.cleaned_data
        values = {key: given[key] for key in ("given_names", "family_name")}
        scope = ",".join(given["scope"])
        return mine.give_mandate(person, values, what_for=scope, until=given["until"], email=given["email"])
