"""The register of processing, and whom a breach concerns."""

import io

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.parts import Cell, Table
from etoile.gru.access.models import Authority
from etoile.gru.audit import services as audit
from etoile.gru.backoffice.guard import right_required
from etoile.gru.documents import serving
from etoile.gru.rights import breach, register
from etoile.gru.rights.forms import Breach

CSV = "text/csv; charset=utf-8"


@right_required("register.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    rows = [
        [
            Cell(each.title, note=each.service),
            Cell(each.basis or "–"),
            Cell(each.kept or "–"),
            Cell(_("Incomplète"), tone="warning", note=_("Il manque : %(what)s") % {"what": ", ".join(each.missing)})
            if each.missing
            else Cell(_("Complète"), tone="success"),
        ]
        for each in register.processings(request.user.authority)
    ]
    table = Table(_("Traitements"), [_("Traitement"), _("Base légale"), _("Conservation"), _("Fiche")], rows)
    return render(request, "rights/register.html", {"table": table})


@right_required("register.read")
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    authority: Authority = request.user.authority
    audit.note("rights.register", authority=authority.pk, by=request.user)
    written = register.as_csv(authority, register.processings(authority))
    return serving.produced(_("registre-des-traitements.csv"), written.encode(), CSV)


@right_required("privacy.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def concerned(request: HttpRequest) -> HttpResponse:
    """Counted first; then listed. Both are in the audit log, with the reason."""
    authority: Authority = request.user.authority
    form = Breach(authority, request.POST if request.method == "POST" else None)
    counted = None
    if request.method == "POST" and form.is_valid():
        found = breach.concerned(authority, form.asked())
        counted = breach.count(found)
        wants = "list" in request.POST
        _note(request, form, counted, "rights.breach_list" if wants else "rights.breach")
        if wants and counted.cases <= breach.MOST:
            out = io.StringIO()
            breach.write(out, found, authority.zone)
            return serving.produced(_("personnes-concernees.csv"), out.getvalue().encode(), CSV)
        if wants:
            notes.error(request, _("La liste est trop longue pour une page : demandez-la par la commande."))
    context = {"form": form, "counted": counted, "most": breach.MOST}
    return render(request, "rights/breach.html", context, status=422 if form.errors else 200)


def _note(request: HttpRequest, form: Breach, counted: breach.Count, action: str) -> None:
    asked = form.asked()
    detail = {
        "resource": str(asked.resource),
        "name": asked.name,
        "since": asked.since.isoformat(),
        "until": asked.until.isoformat(),
        "cases": counted.cases,
        "why": form.cleaned_data["why"],
    }
    audit.note(action, authority=request.user.authority.pk, by=request.user, detail=detail)
