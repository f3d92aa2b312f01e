"""What an agent asks of the list of cases, as the address says it: the names of the fields are what is shared."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from etoile.design.forms import day
from etoile.gru.access.models import Team
from etoile.gru.cases.lists.criteria import Criteria, Due, Follower
from etoile.gru.cases.lists.pages import Sort
from etoile.gru.cases.states import Channel, State, Substate
from etoile.gru.desk import labels, watching
from etoile.gru.desk.models import Label
from etoile.gru.forms.models import Procedure

SORTS = {
    "": (Sort.RECENT, _("Les plus récentes")),
    "anciennes": (Sort.OLDEST, _("Les plus anciennes")),
    "echeance": (Sort.DUE, _("Les plus pressées")),
}
FOLLOWERS = {"moi": (Follower.ME, _("Moi")), "personne": (Follower.NOBODY, _("Personne pour l’instant"))}
DUES = {"retard": (Due.LATE, _("Dépassée")), "bientot": (Due.SOON, _("Dans les dix jours"))}
COLUMNS = {
    "demarche": _("Démarche et demandeur"),
    "suivi": _("Suivie par"),
    "etat": _("État"),
    "echeance": _("À répondre avant"),
    "canal": _("Reçue par"),
    "mouvement": _("Dernier mouvement"),
    "fin": _("Terminée le"),
}
USUAL = ("demarche", "suivi", "etat", "echeance")


def _several(label: Any, choices: Iterable[tuple[str, Any]] = ()) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple
    )


def _one(label: Any, empty: Any, choices: dict[str, tuple[Any, Any]]) -> forms.ChoiceField:
    words = [(key, words) for key, (_value, words) in choices.items()]
    return forms.ChoiceField(label=label, choices=[("", empty), *words] if empty else words, required=False)


class _Chosen(forms.CheckboxSelectMultiple):
    """Boxes, and a list in front of them that sends nothing when it is left on « Toutes »."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        found = super().value_from_datadict(data, files, name)
        return [each for each in found if each] if isinstance(found, list) else found


class ListForm(forms.Form):
    """A value that is not offered is told, and the rest of the address holds."""

    mots = forms.CharField(
        label=_("Référence, nom ou mot"),
        required=False,
        max_length=100,
    )
    tri = _one(_("Ordre"), "", SORTS)
    service = _several(_("Service"))
    demarche = forms.MultipleChoiceField(label=_("Démarche"), required=False, widget=_Chosen)
    etat = _several(_("État"), State.choices)
    attente = _several(_("En attente"), [each for each in Substate.choices if each[0]])
    canal = _several(_("Reçue"), Channel.choices)
    etiquette = _several(_("Étiquette"))
    suivi = _one(_("Suivie par"), _("N’importe qui"), FOLLOWERS)
    oeil = forms.ChoiceField(
        label=_("Gardées à l’œil"), choices=[("", _("Toutes")), ("oui", _("Que je garde à l’œil"))], required=False
    )
    echeance = _one(_("Date de réponse"), _("N’importe laquelle"), DUES)
    jour = day(_("À répondre le"))
    du = day(_("Reçue à partir du"))
    au = day(_("Reçue jusqu’au"))
    fin_du = day(_("Terminée à partir du"))
    fin_au = day(_("Terminée jusqu’au"))
    combiner = forms.ChoiceField(
        label=_("Montrer les demandes qui répondent"),
        choices=[("", _("à tous ces critères")), ("un", _("à un de ces critères"))],
        required=False,
    )
    colonnes = _several(_("Colonnes"), COLUMNS.items())

    def __init__(
        self,
        data: Any,
        *,
        teams: Iterable[Team],
        procedures: Iterable[Procedure],
        offered: Iterable[Label] = (),
        account: int | None = None,
        sorts: bool,
    ) -> None:
        """`account` is who asks, `offered` the labels of the town; `sorts`: the list may be sorted by the day on which
        an answer is due."""
        super().__init__(data)
        self.account = account
        self.fields["etiquette"].choices = [(str(each.pk), each.name) for each in offered]
        if not self.fields["etiquette"].choices:
            del self.fields["etiquette"]
        self.by_slug = {team.slug: team.pk for team in teams}
        self.by_procedure = {each.slug: each.pk for each in procedures}
        self.fields["service"].choices = [(team.slug, team.name) for team in teams]
        self.fields["demarche"].choices = [(each.slug, str(each.current.name)) for each in procedures if each.current]
        if not sorts:
            self.fields["tri"].choices = [each for each in self.fields["tri"].choices if each[0] != "echeance"]
        self.is_valid()

    @property
    def sort(self) -> Sort:
        return SORTS[self.cleaned_data.get("tri", "")][0]

    @property
    def columns(self) -> tuple[str, ...]:
        """In the order of the page, whatever that of the address."""
        chosen = self.cleaned_data.get("colonnes")
        return tuple(key for key in COLUMNS if key in chosen) if chosen else USUAL

    def criteria(self) -> Criteria:
        given = self.cleaned_data
        return Criteria(
            words=given.get("mots", "").strip(),
            teams=tuple(self.by_slug[slug] for slug in given.get("service", ())),
            procedures=tuple(self.by_procedure[slug] for slug in given.get("demarche", ())),
            states=tuple(given.get("etat", ())),
            substates=tuple(given.get("attente", ())),
            channels=tuple(given.get("canal", ())),
            follower=FOLLOWERS[given["suivi"]][0] if given.get("suivi") else None,
            due=DUES[given["echeance"]][0] if given.get("echeance") else None,
            due_on=given.get("jour"),
            received_from=given.get("du"),
            received_to=given.get("au"),
            ended_from=given.get("fin_du"),
            ended_to=given.get("fin_au"),
            beside=tuple(self._beside()),
            any_of=given.get("combiner") == "un",
        )

    def _beside(self) -> Iterator[Q]:
        if self.cleaned_data.get("etiquette"):
            yield labels.having([int(each) for each in self.cleaned_data["etiquette"]])
        if self.cleaned_data.get("oeil"):
            yield watching.of(self.account)


class KeepForm(forms.Form):
    name = forms.CharField(label=_("Nom de la liste"), max_length=60, required=False)
