"""An archived case, opened for a reason; and what keeps a case where it is, archived or not."""

import uuid

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.moments import said
from etoile.design.parts import SummaryRow
from etoile.gru.archive import holds, leaving, queries
from etoile.gru.archive import reading as opening
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.backoffice import copying, reading
from etoile.gru.backoffice.archives.forms import Back, Hold, Opening
from etoile.gru.backoffice.guard import agent_required, right_required
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case
from etoile.gru.cases.queries import NEEDED, reachable_by, visible_to
from etoile.gru.cases.views_of_agent import AgentCase, agent_view
from etoile.gru.documents.scanning import NotOpenable
from etoile.gru.filling import mandates
from etoile.gru.people import scope


def archived_case(request: HttpRequest, pk: uuid.UUID) -> Case:
    found = queries.archived(scope_of(request.user, "archives.read")).select_related(*NEEDED).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@right_required("archives.read")
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Closed until one says why; then open for half an hour."""
    found = archived_case(request, pk)
    form = Opening(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        opening.open_for(found, request.user, form.cleaned_data["reason"])
        return redirect("backoffice:archived-case", pk)
    if request.method == "POST" or not opening.is_open_to(found, request.user):
        context = {"case": found, "form": form}
        return render(request, "backoffice/archives/closed.html", context, status=422 if form.errors else 200)
    return _shown(request, _view(found))


def _view(found: Case) -> AgentCase:
    """Keeping archives opens no sector: this case was let open, hence its person."""
    with scope.of_person(found.person_id):
        return agent_view(found, frozenset())


def _shown(request: HttpRequest, view: AgentCase, refused: Back | Hold | None = None) -> HttpResponse:
    context = {
        "view": view,
        "case": view.case,
        "state": reading.state_cell(view.case),
        "contact": reading.contact(view),
        "mandate": mandates.said(view.case.mandate),
        "answers": reading.answers(view),
        "history": reading.history(view),
        "hold": queries.hold_on(view.case.pk),
        "hold_form": refused if isinstance(refused, Hold) else Hold(),
        "back_form": refused if isinstance(refused, Back) else Back(),
        "refused": refused,
        "readings": [
            SummaryRow(each.actor, [said(each.at), each.detail.get("reason", "")])
            for each in opening.readings_of(view.case)
        ],
    }
    return render(request, "backoffice/archives/case.html", context, status=422 if refused else 200)


@right_required("archives.read")
@require_safe
def document(request: HttpRequest, pk: uuid.UUID, document_id: uuid.UUID) -> HttpResponseBase:
    found = archived_case(request, pk)
    if not opening.is_open_to(found, request.user):
        return redirect("backoffice:archived-case", pk)
    view = _view(found)
    asked = next((each for each in view.documents if each.pk == document_id), None)
    if asked is None:
        raise Http404
    try:
        return copying.given(asked, found, request.user)
    except NotOpenable as refusal:
        notes.error(request, f"{asked.name} : {refusal}")
        return redirect("backoffice:archived-case", pk)


@right_required("archives.manage")
@require_POST
def bring_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = archived_case(request, pk)
    form = Back(request.POST)
    if not form.is_valid():
        if not opening.is_open_to(found, request.user):
            return redirect("backoffice:archived-case", pk)
        return _shown(request, _view(found), form)
    try:
        leaving.bring_back(pk, request.user, form.cleaned_data["reason"])
    except ArchiveRefused as refusal:
        notes.error(request, str(refusal))
        return redirect("backoffice:archived-case", pk)
    notes.success(request, _("La demande est revenue dans les listes de son service."))
    return redirect("backoffice:archives")


@agent_required
@require_POST
def hold(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """By whoever treats the case, or keeps the archives: nothing of it leaves meanwhile."""
    treats = visible_to(request.user, "cases.treat").filter(pk=pk).exists()
    keeps = reachable_by(request.user, "archives.manage").filter(pk=pk).exists()
    if not treats and not keeps:
        if visible_to(request.user).filter(pk=pk).exists():
            raise PermissionDenied
        raise Http404
    back = "backoffice:case" if treats else "backoffice:archived-case"
    form = Hold(request.POST)
    try:
        if "lift" in request.POST:
            holds.lift(pk, request.user)
            notes.success(request, _("La demande suit de nouveau la durée de sa démarche."))
        else:
            holds.place(pk, request.user, form.data.get(form.add_prefix("reason"), ""))
            notes.success(request, _("La demande est gardée : rien n’en sera archivé ni supprimé."))
    except ArchiveRefused as refusal:
        notes.error(request, str(refusal))
    return redirect(back, pk)
