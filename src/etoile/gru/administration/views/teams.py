"""The teams and their sectors: what the law prints on receipts, and the walls between files."""

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.forms import Plain, line, lines
from etoile.design.parts import Cell, Table
from etoile.gru.access.models import Authority, Sector, Team
from etoile.gru.access.services import Refused, keep_sector, keep_team
from etoile.gru.backoffice.guard import right_required


class TeamForm(Plain):
    name = line(
        gettext_lazy("Nom du service"),
        required=gettext_lazy("Écrivez le nom du service, par exemple : Service de l’état civil."),
        hint=gettext_lazy("Imprimé sur les accusés et les décisions."),
    )
    sector = forms.ModelChoiceField(
        label=gettext_lazy("Secteur"),
        queryset=Sector.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("Les agents d’un secteur voient ses demandes, et jamais celles d’un autre."),
        error_messages={"required": gettext_lazy("Choisissez le secteur du service.")},
    )
    address = lines(
        gettext_lazy("Adresse"), required=gettext_lazy("Écrivez l’adresse du service : la loi l’imprime sur l’accusé.")
    )
    email = forms.EmailField(
        label=gettext_lazy("Courriel"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Écrivez le courriel du service : la loi l’imprime sur l’accusé."),
            "invalid": gettext_lazy("Ce courriel ne se lit pas. Exemple : etat-civil@ville.fr"),
        },
    )
    phone = line(
        gettext_lazy("Téléphone"),
        required=gettext_lazy("Écrivez le téléphone du service : la loi l’imprime sur l’accusé."),
        most=30,
    )
    opening_hours = lines(
        gettext_lazy("Horaires"), rows=2, hint=gettext_lazy("Exemple : du lundi au vendredi, 9 h – 17 h")
    )

    def __init__(self, authority: Authority, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].queryset = Sector.objects.filter(authority=authority).order_by("name")  # type: ignore[attr-defined]


class SectorForm(Plain):
    name = line(
        gettext_lazy("Nom du secteur"), required=gettext_lazy("Écrivez le nom du secteur, par exemple : Enfance.")
    )


@right_required("accounts.manage")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Two statements besides those of the frame."""
    active = Count("memberships__account", filter=Q(memberships__account__is_active=True), distinct=True)
    teams = (
        Team.objects.filter(authority=request.user.authority_id)
        .select_related("sector")
        .annotate(agents=active)
        .order_by("name")
    )
    rows = [
        [
            Cell(team.name, href=f"{request.path}{team.slug}/", note=team.email),
            Cell(team.sector.name),
            Cell(team.phone),
            Cell(str(team.agents), numeric=True),
        ]
        for team in teams
    ]
    table = Table(_("Services"), [_("Service"), _("Secteur"), _("Téléphone"), _("Agents")], rows)
    sectors = Sector.objects.filter(authority=request.user.authority_id).order_by("name")
    shown = {"table": table, "sectors": sectors, "title": _("Services et secteurs")}
    return render(request, "administration/teams.html", shown)


@right_required("accounts.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, slug: str = "") -> HttpResponse:
    authority = request.user.authority
    known = get_object_or_404(Team, authority=authority, slug=slug) if slug else None
    names = ("name", "address", "email", "phone", "opening_hours", "sector")
    begun = {name: getattr(known, name) for name in names} if known else None
    form = TeamForm(authority, request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            keep_team(authority, given["sector"], slug or _slug(Team, authority, given["name"]), given, by=request.user)
        except Refused as refusal:
            form.add_error(None, " ".join(refusal.problems))
        else:
            notes.success(request, _("Le service est enregistré. Ses prochains accusés portent ces coordonnées."))
            return redirect("administration:teams")
    return _page(request, form, known.name if known else _("Ajouter un service"))


@right_required("accounts.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def sector(request: HttpRequest, slug: str = "") -> HttpResponse:
    authority = request.user.authority
    known = get_object_or_404(Sector, authority=authority, slug=slug) if slug else None
    form = SectorForm(request.POST or None, initial={"name": known.name} if known else None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        keep_sector(authority, slug or _slug(Sector, authority, name), name, by=request.user)
        notes.success(request, _("Le secteur est enregistré."))
        return redirect("administration:teams")
    return _page(request, form, known.name if known else _("Ajouter un secteur"))


def _page(request: HttpRequest, form: Plain, title: str) -> HttpResponse:
    shown = {"form": form, "title": title, "back": "administration:teams", "back_words": _("Services et secteurs")}
    return render(request, "administration/form.html", shown, status=422 if form.errors else 200)


def _slug(kind: type[Team] | type[Sector], authority: Authority, name: str) -> str:
    """A short name of its own; it never changes afterwards, whatever the name becomes."""
    wanted = slugify(name)[:50] or "service"
    taken = set(kind.objects.filter(authority=authority, slug__startswith=wanted).values_list("slug", flat=True))
    # The addresses of the pages that add are no slugs.
    taken.add("nouveau")
    numbered = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, 1000))
    found = next((each for each in numbered if each not in taken), None)
    if found is None:
        raise Http404
    return found
