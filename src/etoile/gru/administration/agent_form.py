"""An agent as an administrator types them: names, then the roles, in the whole authority and team by team."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.forms import Plain, line
from etoile.gru.access.models import Account, Authority, Role, Team
from etoile.gru.access.rights import WHOLE_ONLY
from etoile.gru.access.services import Held

WHOLE = "whole"
# Past so many teams, those where no role is held wait behind a click.
MANY = 4


class AgentForm(Plain):
    given_name = line(gettext_lazy("Prénom"), most=100)
    family_name = line(
        gettext_lazy("Nom"),
        required=gettext_lazy("Écrivez le nom de cet agent : la personne a le droit de le savoir."),
        most=100,
    )
    capacity = line(
        gettext_lazy("Qualité"),
        hint=gettext_lazy("Imprimée sous les décisions. Exemple : officier d’état civil"),
        most=150,
    )

    def __init__(self, authority: Authority, account: Account | None, *args: Any, **kwargs: Any) -> None:
        held: dict[str, list[str]] = {}
        for each in account.memberships.all() if account else ():
            held.setdefault(f"team_{each.team_id}" if each.team_id else WHOLE, []).append(each.role)
        names = {name: getattr(account, name) for name in ("given_name", "family_name", "capacity")} if account else {}
        super().__init__(*args, initial={**names, **held}, **kwargs)
        self.teams = {f"team_{team.pk}": team for team in Team.objects.filter(authority=authority).order_by("name")}
        self.fields[WHOLE] = _roles(_("Dans toute la collectivité"), set(Role))
        for name, team in self.teams.items():
            offered = set(Role) - WHOLE_ONLY | {Role(role) for role in held.get(name, ())}
            self.fields[name] = _roles(team.name, offered)
        self.shown_first = [name for name in self.teams if name in held or len(self.teams) <= MANY]

    @property
    def named(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in self.teams and name != WHOLE]

    @property
    def whole(self) -> BoundField:
        return self[WHOLE]

    @property
    def near(self) -> list[BoundField]:
        return [self[name] for name in self.shown_first]

    @property
    def others(self) -> list[BoundField]:
        return [self[name] for name in self.teams if name not in self.shown_first]

    def names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("given_name", "family_name", "capacity")}

    def held(self) -> Held:
        chosen: dict[Team | None, list[Role]] = {None: [Role(role) for role in self.cleaned_data[WHOLE]]}
        for name, team in self.teams.items():
            chosen[team] = [Role(role) for role in self.cleaned_data[name]]
        return chosen


class InviteForm(AgentForm):
    email = forms.EmailField(
        label=gettext_lazy("Courriel professionnel"),
        max_length=254,
        help_text=gettext_lazy("L’invitation y est envoyée ; il sert ensuite à se connecter."),
        error_messages={
            "required": gettext_lazy("Écrivez le courriel de cet agent, par exemple lea.martin@ville.fr."),
            "invalid": gettext_lazy("Ce courriel ne se lit pas. Exemple : lea.martin@ville.fr"),
        },
    )
    field_order = ("email",)


def _roles(label: str, offered: set[Role]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, role.label) for role in Role if role in offered],
    )
