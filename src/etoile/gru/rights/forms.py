"""What the data protection officer types."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.forms import Plain, day, line, lines
from etoile.gru.access.models import Account, ApiClient, Authority
from etoile.gru.administration.views.signatories import named
from etoile.gru.rights.breach import UNNAMED, Asked, Resource, applications
from etoile.gru.rights.models import ANSWERED, Kind, Request, State

# To start from, by what was asked.
MODELS: Mapping[str, str | Promise] = {
    Kind.ACCESS: gettext_lazy(
        "Votre fichier, sur la page « Mes données », contient maintenant aussi les notes et les avis qui vous "
        "concernent."
    ),
    Kind.RECTIFY: gettext_lazy("Nous avons corrigé cette information, et prévenu ceux à qui nous l’avions transmise."),
    Kind.RESTRICT: gettext_lazy("Votre demande est gelée. Nous vous préviendrons avant de la reprendre."),
    Kind.OBJECT: gettext_lazy(
        "Ce traitement est nécessaire à une mission d’intérêt public. Les raisons que vous donnez ont été pesées : …"
    ),
    Kind.ERASE: gettext_lazy(
        "La loi nous oblige à garder cette demande jusqu’à la date dite sur la page « Données personnelles » ; elle ne "
        "peut pas être effacée avant. Vos brouillons et votre espace peuvent l’être, à tout moment, par vous."
    ),
}


class Answer(Plain):
    state = forms.ChoiceField(
        label=gettext_lazy("Ce que vous répondez"),
        choices=[(each.value, each.label) for each in State if each in ANSWERED],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez ce que vous répondez.")},
    )
    words = lines(
        gettext_lazy("Votre réponse"),
        rows=6,
        required=gettext_lazy("Écrivez la réponse : la personne la lira sur sa page."),
        most=Request.WORDS,
    )


class Extend(Plain):
    prefix = "delai"

    why = lines(
        gettext_lazy("Pourquoi il faut plus de temps"),
        required=gettext_lazy("Dites pourquoi : la personne le lira."),
        hint=gettext_lazy("La loi ne le permet que si la demande est complexe, ou s’il y en a beaucoup."),
    )


class Freeze(Plain):
    prefix = "gel"

    reason = line(
        gettext_lazy("Pourquoi la geler"),
        required=gettext_lazy("Dites pourquoi la demande est gelée."),
        hint=gettext_lazy("Exemple : l’exactitude de l’adresse est contestée."),
        most=300,
    )


class Find(Plain):
    reference = line(gettext_lazy("Référence d’une demande"), hint=gettext_lazy("Exemple : 26-ABCD-4"), most=16)


class Breach(Plain):
    """Between two days, both included, in the time of the authority."""

    resource = forms.ChoiceField(
        label=gettext_lazy("Ce qui a été atteint"),
        choices=Resource.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez ce qui a été atteint.")},
    )
    procedure = forms.ChoiceField(label=gettext_lazy("Démarche"), required=False)
    agent = forms.ChoiceField(label=gettext_lazy("Agent"), required=False)
    application = forms.ChoiceField(label=gettext_lazy("Application"), required=False)
    since = day(gettext_lazy("Du"), required=gettext_lazy("Écrivez le premier jour."))
    until = day(gettext_lazy("Au"), required=gettext_lazy("Écrivez le dernier jour."))
    why = line(
        gettext_lazy("Pourquoi vous le demandez"),
        required=gettext_lazy("Dites pourquoi : votre demande est notée dans le journal."),
        hint=gettext_lazy("Exemple : violation 2026-03, mot de passe divulgué."),
    )

    def __init__(self, authority: Authority, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authority = authority
        for name, choices in (
            ("procedure", named(authority)),
            ("agent", _agents(authority)),
            ("application", _applications(authority)),
        ):
            self.fields[name].choices = [("", _("Choisissez")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until, resource = given.get("since"), given.get("until"), given.get("resource")
        if since and until and until < since:
            self.add_error("until", _("Le dernier jour vient avant le premier."))
        if resource and resource not in UNNAMED and not given.get(resource):
            self.add_error(resource, _("Choisissez dans cette liste."))
        return given

    def asked(self) -> Asked:
        given = self.cleaned_data
        resource = Resource(given["resource"])
        return Asked(
            resource=resource,
            since=self._midnight(given["since"]),
            until=self._midnight(given["until"] + timedelta(days=1)),
            name="" if resource in UNNAMED else given[resource],
        )

    def _midnight(self, on: date) -> datetime:
        return datetime.combine(on, time(), self.authority.zone)


def _agents(authority: Authority) -> list[tuple[str, str]]:
    found = Account.objects.filter(authority=authority).order_by("family_name", "given_name")
    return [(str(each.pk), str(each)) for each in found]


def _applications(authority: Authority) -> list[tuple[str, str]]:
    """Those the hub delivers to, by their slug; those of the API, by their client."""
    clients = ApiClient.objects.filter(authority=authority).values_list("client_id", "name")
    return [*applications(authority), *sorted(clients, key=lambda each: each[1])]
