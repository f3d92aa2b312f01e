"""Who treats a request: a team, an application through the hub, or both; and another team when a condition holds."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from etoile.design.forms import Plain
from etoile.gru.access.models import Authority, Team
from etoile.gru.designer.sheet import Sheet
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.fields import TYPES

TREATMENTS = (
    ("team", gettext_lazy("Le service, dans l’espace des agents")),
    ("hub", gettext_lazy("Un logiciel métier, qui la reçoit par le hub")),
    ("both", gettext_lazy("Les deux : le service la suit, le logiciel la reçoit")),
)
IDENTITIES = (
    ("", gettext_lazy("Elle le déclare, sans preuve")),
    ("eidas1", gettext_lazy("Par FranceConnect")),
    ("eidas2", gettext_lazy("Par FranceConnect+, niveau substantiel")),
    ("eidas3", gettext_lazy("Par FranceConnect+, niveau élevé")),
)


class RoutingForm(Sheet):
    verb = "routing_changed"

    team = forms.ChoiceField(
        label=gettext_lazy("Service chargé des demandes"),
        help_text=gettext_lazy("Son nom, son adresse et son téléphone sont imprimés sur les accusés."),
    )
    treatment = forms.ChoiceField(
        label=gettext_lazy("Qui traite la demande ?"), choices=TREATMENTS, widget=forms.RadioSelect
    )

    identity = forms.ChoiceField(
        label=gettext_lazy("Comment la personne montre qui elle est"),
        choices=IDENTITIES,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Ne demandez que ce que la loi ou le risque exige : chaque niveau en plus éloigne des gens. Un agent peut "
            "toujours saisir la demande au guichet."
        ),
    )
    discreet = forms.BooleanField(
        label=gettext_lazy("Taire cette démarche dans les courriels"),
        required=False,
        help_text=gettext_lazy(
            "Pour une aide sociale, par exemple : un proche peut lire la boîte. Le courriel ne donne que la référence "
            "et le lien ; ni la démarche, ni le service, ni vos propres messages."
        ),
    )

    def __init__(self, authority: Authority, source: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        begun = {
            "team": source.get("team", ""),
            "treatment": source.get("treatment") or "team",
            "identity": source.get("identity", ""),
            "discreet": bool(source.get("discreet")),
        }
        super().__init__(*args, initial=begun, **kwargs)
        self.fields["team"].choices = teams(authority)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("team", "treatment", "discreet")}
        return {**given, "identity": self.cleaned_data["identity"] or None}


class RouteForm(Plain):
    """Another team, when a question is answered; the condition is then made precise on its own page."""

    team = forms.ChoiceField(label=gettext_lazy("Envoyer à"))
    question = forms.ChoiceField(
        label=gettext_lazy("Selon la réponse à"),
        help_text=gettext_lazy("Vous direz ensuite quelle réponse envoie la demande à ce service."),
    )

    def __init__(self, authority: Authority, definition: Definition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = teams(authority)  # type: ignore[attr-defined]
        asked = [(each.id, str(each.label) or each.id) for each in definition.fields if TYPES[each.type].answered]
        self.fields["question"].choices = asked  # type: ignore[attr-defined]

    def route(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"team": given["team"], "when": {"field": given["question"], "op": "filled"}}


def teams(authority: Authority) -> list[tuple[str, str]]:
    return list(Team.objects.filter(authority=authority).order_by("name").values_list("slug", "name"))
