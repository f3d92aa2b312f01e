"""The procedures of the authority; beginning one, from nothing or from another."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.forms import Plain
from etoile.gru.access.models import Account, Team
from etoile.gru.access.queries import roles_of
from etoile.gru.access.rights import has_right, held_by, rights_in, roles_with
from etoile.gru.backoffice.guard import right_required
from etoile.gru.designer.desk import Desk, on_procedure
from etoile.gru.forms.editing.drafts import copy as copy_of
from etoile.gru.forms.editing.drafts import create as begin
from etoile.gru.forms.models import Procedure, ProcedureState, ProcedureVersion, VersionState
from etoile.gru.forms.texts import Text

TONES = {
    ProcedureState.DRAFT: "neutral",
    ProcedureState.PUBLISHED: "success",
    ProcedureState.CLOSED: "warning",
    ProcedureState.ARCHIVED: "neutral",
}


class Beginning(Plain):
    title = forms.CharField(
        label=gettext_lazy("Nom de la démarche"),
        max_length=120,
        help_text=gettext_lazy("Ce que la personne veut faire, avec ses mots. Exemple : Inscription à la brocante"),
        error_messages={
            "required": gettext_lazy("Écrivez le nom de la démarche, par exemple : Inscription à la brocante.")
        },
    )
    title_en = forms.CharField(label=gettext_lazy("Nom en anglais"), max_length=120, required=False)

    def named(self) -> dict[str, str]:
        given = self.cleaned_data
        return {"fr": given["title"], **({"en": given["title_en"]} if given["title_en"] else {})}


class New(Beginning):
    team = forms.ModelChoiceField(
        label=gettext_lazy("Service chargé des demandes"),
        queryset=Team.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("Son nom et ses coordonnées sont imprimés sur les accusés."),
        error_messages={"required": gettext_lazy("Choisissez le service qui traitera les demandes.")},
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams: QuerySet[Team] = Team.objects.filter(authority=account.authority_id).order_by("name")
        held = set(held_by(account).filter(role__in=roles_with("procedures.edit")).values_list("team_id", flat=True))
        if None not in held:
            teams = teams.filter(pk__in=held)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        if len(only := list(teams[:2])) == 1:
            self.initial.setdefault("team", only[0].pk)
        self.fields["team"].label_from_instance = lambda team: team.name  # type: ignore[attr-defined]


@right_required("procedures.read")
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """Three statements besides those of the frame."""
    last = ProcedureVersion.objects.filter(procedure=OuterRef("pk")).order_by("-number")
    found = (
        Procedure.objects.filter(authority=request.user.authority_id)
        .select_related("team")
        .annotate(
            shown_title=Subquery(last.values("title")[:1]),
            last_state=Subquery(last.values("state")[:1]),
        )
    )
    rows = [
        {
            "procedure": each,
            "title": str(Text.of(each.shown_title)) or each.slug,
            "state": ProcedureState(each.state).label,
            "tone": TONES[ProcedureState(each.state)],
            "being_changed": each.state != ProcedureState.DRAFT and each.last_state == VersionState.DRAFT,
        }
        for each in found
    ]
    rows.sort(key=lambda row: str(row["title"]).casefold())
    return render(request, "designer/list.html", {"rows": rows, "may_create": _may_create(request.user)})


@right_required("procedures.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    form = New(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        team = form.cleaned_data["team"]
        if not has_right(request.user, "procedures.edit", team):
            raise PermissionDenied
        draft = begin(request.user.authority, title=form.named(), team=team, by=request.user)
        notes.success(request, _("La démarche est créée. Ajoutez maintenant vos questions à la première page."))
        return redirect("designer:outline", draft.procedure.slug)
    return render(request, "designer/create.html", {"form": form}, status=422 if form.errors else 200)


@on_procedure
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, desk: Desk) -> HttpResponse:
    if not desk.may_edit:
        raise PermissionDenied
    title = {**desk.version.title, "fr": _("%(title)s (copie)") % {"title": Text.of(desk.version.title).fr}}
    form = Beginning(request.POST or None, initial={"title": title["fr"]})
    if request.method == "POST" and form.is_valid():
        made = copy_of(desk.version, title=form.named(), by=request.user)
        notes.success(request, _("La copie est prête : changez ce qui doit l’être, rien n’est encore publié."))
        return redirect("designer:outline", made.procedure.slug)
    shown = {"form": form, "desk": desk}
    return render(request, "designer/copy.html", shown, status=422 if form.errors else 200)


def _may_create(account: Account) -> bool:
    return "procedures.edit" in rights_in(roles_of(account))
