"""The reference tables of the authority: read by who reads procedures, changed by who publishes them, for what is
imported is at once what people choose in.
"""

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.forms import Plain
from etoile.design.parts import Cell, Table
from etoile.gru.access.models import Authority
from etoile.gru.access.rights import has_right
from etoile.gru.backoffice.guard import right_required
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.tables import choosing, queries, services
from etoile.gru.forms.tables.models import Table as ReferenceTable
from etoile.gru.forms.tables.reading import MOST_BYTES, TableError

SHOWN = 20
TOLD = 30


class FileForm(Plain):
    file = forms.FileField(
        label=gettext_lazy("Fichier CSV"),
        help_text=gettext_lazy(
            "La première ligne nomme les colonnes. Toutes les lignes sont lues avant d’en garder une : s’il y en a de"
            " mauvaises, elles sont nommées et rien ne change."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
        error_messages={"required": gettext_lazy("Choisissez un fichier .csv sur votre ordinateur.")},
    )


class NewForm(FileForm):
    field_order = ("title", "slug", "file", "key", "label")
    title = forms.CharField(
        label=gettext_lazy("Nom de la table"),
        max_length=200,
        help_text=gettext_lazy("Pour vous. Exemple : Voies de la commune"),
        error_messages={"required": gettext_lazy("Écrivez un nom, par exemple : Voies de la commune.")},
    )
    slug = forms.SlugField(
        label=gettext_lazy("Nom court"),
        max_length=80,
        help_text=gettext_lazy("Celui que les questions emploient. Exemple : voies"),
        error_messages={
            "required": gettext_lazy("Écrivez un nom court, par exemple : voies."),
            "invalid": gettext_lazy("Des lettres sans accent, des chiffres et des tirets. Exemple : voies"),
        },
    )
    key = forms.CharField(
        label=gettext_lazy("Colonne qui identifie une ligne"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("La première, sauf si vous en nommez une autre. Exemple : code"),
    )
    label = forms.CharField(
        label=gettext_lazy("Colonne que la personne lit"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("La deuxième, sauf si vous en nommez une autre. Exemple : nom"),
    )


@right_required("procedures.read")
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    found = (
        ReferenceTable.objects.filter(authority=request.user.authority_id).select_related("current").order_by("slug")
    )
    shown = {"tables": found, "may_change": _may_change(request)}
    return render(request, "designer/tables.html", shown)


@right_required("procedures.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    form = NewForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        taken = ReferenceTable.objects.filter(authority=request.user.authority_id, slug=given["slug"]).exists()
        if taken:
            form.add_error("slug", _("Une table a déjà ce nom court. Ouvrez-la pour importer une nouvelle version."))
        elif _import(request, form, given["slug"]):
            return redirect("designer:table", given["slug"])
    return render(request, "designer/table_import.html", {"form": form}, status=422 if form.errors else 200)


@right_required("procedures.read")
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, table: str) -> HttpResponse:
    """What it holds, where it is used, and its next version."""
    found = _table(request, table)
    may_change = _may_change(request)
    form = FileForm(*([request.POST, request.FILES] if request.method == "POST" else []))
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if form.is_valid() and _import(request, form, found.slug):
            return redirect("designer:table", found.slug)
    versions = list(found.versions.select_related("created_by").order_by("-number")[:10])
    current = found.current
    listed = queries.rows_shown(current.pk, SHOWN) if current is not None else ()
    columns = list(current.columns) if current is not None else []
    shown = {
        "table": found,
        "versions": versions,
        "older": any(each.number < current.number for each in versions) if current is not None else False,
        "rows": Table(
            _("Premières lignes"), columns, [[Cell(row.cells.get(name, "")) for name in columns] for row in listed]
        ),
        "used": _used_by(request.user.authority, found.slug),
        "form": form,
        "may_change": may_change,
    }
    return render(request, "designer/table.html", shown, status=422 if form.errors else 200)


@right_required("procedures.publish")
@require_POST
def back(request: HttpRequest, table: str) -> HttpResponse:
    found = _table(request, table)
    try:
        version = services.go_back(request.user.authority, found.slug)
    except TableError as refusal:
        notes.error(request, refusal.problems[0])
    else:
        notes.success(request, _("La version %(number)d est de nouveau en service.") % {"number": version.number})
    return redirect("designer:table", found.slug)


def _import(request: HttpRequest, form: FileForm, slug: str) -> bool:
    """Whether the file was imported; each bad line is said at the file."""
    given = form.cleaned_data
    words = {name: str(given.get(name) or "") for name in ("title", "key", "label")}
    try:
        made = services.import_csv(
            request.user.authority, slug, given["file"].read(MOST_BYTES + 1), by=request.user, **words
        )
    except TableError as error:
        for problem in error.problems[:TOLD]:
            form.add_error("file", problem)
        if len(error.problems) > TOLD:
            form.add_error("file", _("et d’autres lignes encore"))
        return False
    size = made.version.size
    said = ngettext("La table a %(count)d ligne.", "La table a %(count)d lignes.", size) % {"count": size}
    notes.success(request, said if made.changed else _("Ce fichier dit la même chose : rien n’a changé."))
    return True


def _table(request: HttpRequest, slug: str) -> ReferenceTable:
    found = ReferenceTable.objects.filter(authority=request.user.authority_id, slug=slug).select_related("current")
    table = found.first()
    if table is None:
        raise Http404(_("Cette table n’existe pas."))
    return table


def _may_change(request: HttpRequest) -> bool:
    return has_right(request.user, "procedures.publish")


def _used_by(authority: Authority, slug: str) -> list[Procedure]:
    """Procedures in service that choose in it. One statement."""
    served = Procedure.objects.filter(authority=authority, current__isnull=False).select_related("current")
    return [
        each
        for each in served.order_by("slug")
        if each.current is not None
        and any(field.settings.get("table") == slug for field in choosing.asks_tables(each.current.definition))
    ]
