"""The form of a service contract, in groups that a page folds."""

from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.forms import Plain, day, line, lines
from etoile.gru.access.models import ApiClient, Authority, Sector
from etoile.gru.administration.views.signatories import named
from etoile.gru.contracts import services
from etoile.gru.contracts.models import Contract, Way
from etoile.gru.contracts.vocabulary import ATTRIBUTES, GROUPS, LEVELS, MOST_WRITTEN
from etoile.gru.forms import closed
from etoile.gru.forms.models import Procedure

SLASH = "/"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are folded together; `chosen`: how many things are asked there."""

    title: str | Promise
    fields: list[forms.BoundField]
    chosen: int
    wrong: bool

    @classmethod
    def of(cls, form: forms.Form, title: str | Promise, names: list[str]) -> Self:
        found = [form[name] for name in names]
        values = [each.value() for each in found]
        chosen = sum(len(each) if isinstance(each, list) else bool(each) for each in values)
        return cls(title, found, chosen, any(each.errors for each in found))


class ContractForm(Plain):
    application = line(
        gettext_lazy("Application"),
        required=gettext_lazy("Écrivez le nom de l’application."),
        hint=gettext_lazy("Le nom qu’elle porte dans le concentrateur. Exemple : services-famille"),
        most=120,
    )
    client = forms.ModelChoiceField(
        label=gettext_lazy("Programme de l’API"),
        queryset=ApiClient.objects.none(),
        required=False,
        empty_label=gettext_lazy("aucun : elle reçoit par le concentrateur"),
    )
    purpose = lines(
        gettext_lazy("Pourquoi"),
        rows=2,
        required=gettext_lazy("Écrivez à quoi servent les données : la personne peut le lire."),
        hint=gettext_lazy("Exemple : inscrire les enfants à la cantine et joindre leurs responsables"),
        most=500,
    )
    legal_basis = line(
        gettext_lazy("Base légale"),
        required=gettext_lazy("Écrivez la base légale."),
        hint=gettext_lazy("Exemple : mission d’intérêt public (RGPD, art. 6.1.e)"),
        most=300,
    )
    contact = line(gettext_lazy("Qui répond de l’application"), hint=gettext_lazy("Un nom, un courriel."), most=254)
    begins_on = day(gettext_lazy("Premier jour"), required=gettext_lazy("Écrivez le premier jour du contrat."))
    ends_on = day(gettext_lazy("Dernier jour"), hint=gettext_lazy("Vide : sans fin prévue."))
    retention_months = forms.IntegerField(
        label=gettext_lazy("Mois de conservation par l’application"),
        min_value=1,
        max_value=1200,
        error_messages={"required": gettext_lazy("Écrivez combien de mois l’application garde ces données.")},
    )
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("Démarches"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("Tout un secteur"), required=False, widget=forms.CheckboxSelectMultiple
    )

    # `procedure/question`.
    answers = forms.MultipleChoiceField(
        label=gettext_lazy("Réponses sensibles et pièces d’identité"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Fermées à toute application qui n’en a pas besoin."),
    )

    def __init__(self, authority: Authority, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = ApiClient.objects.filter(authority=authority).order_by("name")  # type: ignore[attr-defined]
        self.fields["procedures"].choices = named(authority)  # type: ignore[attr-defined]
        found = Sector.objects.filter(authority=authority).order_by("name")
        self.fields["sectors"].choices = list(found.values_list("slug", "name"))  # type: ignore[attr-defined]
        self.fields["answers"].choices = closed_questions(authority)  # type: ignore[attr-defined]
        for key, label in ATTRIBUTES.items():
            self.fields[f"read_{key}"] = _levels(label, _("ne la reçoit pas"), list(LEVELS))
            self.fields[f"write_{key}"] = _levels(
                label, _("ne l’écrit pas"), [level for level in LEVELS if level <= MOST_WRITTEN]
            )

    def reads(self) -> list[Group]:
        return [Group.of(self, title, [f"read_{key}" for key in keys]) for title, keys in GROUPS]

    def writes(self) -> Group:
        return Group.of(self, _("Données complétées par l’application"), [f"write_{key}" for key in ATTRIBUTES])

    def covers(self) -> list[Group]:
        """Each is one field of boxes."""
        return [
            Group.of(self, _("Des démarches"), ["procedures"]),
            Group.of(self, _("Des secteurs entiers"), ["sectors"]),
        ]

    def sensitive(self) -> Group:
        return Group.of(self, _("Réponses sensibles et pièces d’identité"), ["answers"])

    def values(self) -> dict[str, Any]:
        """As `contracts.services.keep` takes them."""
        given = self.cleaned_data
        levels = {
            key: {name: int(given[f"{name}_{key}"]) for name in ("read", "write") if given[f"{name}_{key}"]}
            for key in ATTRIBUTES
        }
        return {
            **{name: given[name] for name in services.FIELDS if name in given and name != "answers"},
            "way": Way.API if given["client"] else Way.HUB,
            "attributes": {key: held for key, held in levels.items() if held},
            "answers": _by_procedure(given["answers"]),
        }


def _levels(label: Any, none: str, levels: list[int]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", none), *((str(each), LEVELS[each]) for each in levels)]
    )


def begun(known: Contract | None, authority: Authority) -> dict[str, Any]:
    if known is None:
        return {"begins_on": authority.today()}
    plain = {name: getattr(known, name) for name in services.FIELDS if name not in ("way", "attributes", "answers")}
    levels = {
        f"{name}_{key}": str(level)
        for key, held in known.attributes.items()
        for name, level in held.items()
        if level is not None
    }
    answers = [f"{slug}{SLASH}{each}" for slug, questions in known.answers.items() for each in questions]
    return {**plain, **levels, "answers": answers, "client": known.client_id}  # type: ignore[attr-defined]


def closed_questions(authority: Authority) -> list[tuple[str, str]]:
    """What a contract may have to open, of the procedures in service. One statement."""
    found = Procedure.objects.filter(authority=authority, current__isnull=False).select_related("current")
    return [
        (f"{each.slug}{SLASH}{asked.id}", f"{each.current.name} : {asked.label}")
        for each in found.order_by("slug")
        if each.current is not None
        for asked in closed.questions(each.current.definition)
    ]


def _by_procedure(chosen: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in chosen:
        slug, _slash, question = each.partition(SLASH)
        found.setdefault(slug, []).append(question)
    return found
