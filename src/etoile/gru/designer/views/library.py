"""Starting from what exists: the library, a file; and the file of a procedure."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.forms import Plain
from etoile.gru.access.models import Account, Team
from etoile.gru.access.queries import teams_of
from etoile.gru.backoffice.guard import right_required
from etoile.gru.designer.desk import Desk, on_procedure
from etoile.gru.designer.views.listing import New
from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.editing.drafts import bring
from etoile.gru.forms.exchange import LARGEST, from_yaml, to_yaml
from etoile.gru.forms.library import Ready, ready_made, text_of
from etoile.gru.forms.models import Procedure, ProcedureState
from etoile.gru.forms.parsing import parse
from etoile.gru.portal.themes import theme_words

YAML = "application/yaml"


@right_required("procedures.edit")
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    here = set(Procedure.objects.filter(authority=request.user.authority_id).values_list("slug", flat=True))
    categories: dict[str, list[tuple[Ready, bool]]] = {}
    for each in ready_made():
        categories.setdefault(str(theme_words(each.category)), []).append((each, each.slug in here))
    return render(request, "designer/library.html", {"categories": categories.items()})


@right_required("procedures.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, ready: str) -> HttpResponse:
    """A procedure of the library, read before one starts from it."""
    found = next((each for each in ready_made() if each.slug == ready), None)
    if found is None:
        raise Http404(_("Cette démarche n’est pas dans la bibliothèque."))
    source = from_yaml(text_of(found))
    definition = parse(source)
    begun = {"title": found.title.fr, "title_en": found.title.en, "team": _team(request.user, definition.team)}
    form = New(request.user, request.POST or None, initial=begun)
    _only_mine(form, request.user)
    if request.method == "POST" and form.is_valid():
        version = bring(
            request.user.authority,
            source,
            team=form.cleaned_data["team"],
            title=form.named(),
            by=request.user,
            why=_("Depuis la bibliothèque"),
        )
        notes.success(request, _("La démarche est prête : relisez-la, adaptez-la, puis publiez-la."))
        return redirect("designer:outline", version.procedure.slug)
    shown = {"form": form, "ready": found, "definition": definition}
    return render(request, "designer/start.html", shown, status=422 if form.errors else 200)


class ImportForm(Plain):
    file = forms.FileField(
        label=gettext_lazy("Fichier de la démarche"),
        help_text=gettext_lazy("Un fichier .yaml, tel que le bouton « Télécharger le fichier » le donne."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
        error_messages={"required": gettext_lazy("Choisissez un fichier .yaml sur votre ordinateur.")},
    )
    into = forms.ChoiceField(
        label=gettext_lazy("Qu’en faire ?"),
        required=False,
        help_text=gettext_lazy("Le brouillon de la démarche choisie est remplacé ; ce qui est en service reste."),
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Service chargé des demandes"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("Celui du fichier"),
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = teams_of(account, "procedures.edit").order_by("name")
        self.account = account
        self.fields["team"].queryset = mine  # type: ignore[attr-defined]
        self.fields["team"].label_from_instance = lambda team: team.name  # type: ignore[attr-defined]
        found = Procedure.objects.filter(authority=account.authority_id, team__in=mine)
        self.procedures = {each.slug: each for each in found.exclude(state=ProcedureState.ARCHIVED).order_by("slug")}
        words = [(slug, _("Nouvelle version de « %(name)s »") % {"name": slug}) for slug in self.procedures]
        self.fields["into"].choices = [("", _("Une nouvelle démarche")), *words]  # type: ignore[attr-defined]

    def source(self) -> dict[str, Any]:
        """What the file says. Raises `DefinitionError` when it cannot be read, or its team is not one of mine."""
        given = self.cleaned_data["file"]
        try:
            source = from_yaml(given.read(LARGEST + 1).decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise DefinitionError([_("ce fichier n’est pas du texte en UTF-8")]) from error
        if not isinstance(source, dict):
            raise DefinitionError([_("ce fichier ne décrit pas une démarche")])
        mine = {team.slug for team in self.fields["team"].queryset}  # type: ignore[attr-defined]
        if self.cleaned_data["team"] is None and source.get("team") not in mine:
            words = _("le service du fichier (« %(team)s ») n’est pas l’un des vôtres : choisissez-en un")
            raise DefinitionError([words % {"team": source.get("team") or _("aucun")}])
        return source


@right_required("procedures.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def bring_file(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.user, *([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            version = bring(
                request.user.authority,
                form.source(),
                team=given["team"],
                into=form.procedures.get(given["into"]),
                by=request.user,
                why=_("Fichier %(name)s") % {"name": given["file"].name[:120]},
            )
        except DefinitionError as error:
            for problem in error.problems[:30]:
                form.add_error("file", problem)
        else:
            notes.success(request, _("Le fichier est lu : voici son plan. Rien n’est encore publié."))
            return redirect("designer:outline", version.procedure.slug)
    return render(request, "designer/import.html", {"form": form}, status=422 if form.errors else 200)


@on_procedure
@require_safe
def export(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """The file of one version, in the form that is compared and shared."""
    version = desk.procedure.versions.filter(number=number).first()
    if version is None:
        raise Http404(_("Cette version n’existe pas."))
    answer = HttpResponse(to_yaml(version.source), content_type=YAML)
    answer["Content-Disposition"] = f'attachment; filename="{desk.slug}-v{number}.yaml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _only_mine(form: New, account: Account) -> None:
    """Teams for which this account may write procedures."""
    mine = teams_of(account, "procedures.edit").order_by("name")
    if not mine:
        raise PermissionDenied
    form.fields["team"].queryset = mine  # type: ignore[attr-defined]


def _team(account: Account, slug: str) -> int | None:
    return Team.objects.filter(authority=account.authority_id, slug=slug).values_list("pk", flat=True).first()
