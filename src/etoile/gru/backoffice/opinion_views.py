"""Opinions on a case: asked, read, taken back."""

import uuid

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.gru.access.models import Team
from etoile.gru.backoffice import copying, views
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.backoffice.opinion_forms import OUTSIDE, AskOpinion
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.documents import serving
from etoile.gru.documents.models import Document
from etoile.gru.documents.scanning import NotOpenable
from etoile.gru.opinions import papers, services
from etoile.gru.opinions.models import Opinion


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    view = views.case_of(request, pk, "cases.treat")
    if not view.case.is_open:
        raise Http404(_("La demande est terminée : plus aucun avis n’est demandé."))
    form = _form(request, view)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        team = None
        if given["to"] != OUTSIDE:
            team = get_object_or_404(Team, authority=view.case.authority_id, slug=given["to"])
        try:
            services.ask(
                pk,
                request.user,
                team=team,
                name=given["name"],
                email=given["email"],
                question=given["question"],
                deadline=given["deadline"],
                fields=given.get("fields_shown", ()),
                documents=given.get("documents", ()),
                expected_version=given["version"],
            )
        except CaseError as refusal:
            form.add_error(None, str(refusal))
            views.renew(form, view)
        else:
            notes.success(request, _("L’invitation est envoyée. L’avis arrivera sur cette page."))
            return redirect("backoffice:case", pk=pk)
    context = {"view": view, "case": view.case, "form": form}
    return render(request, "backoffice/opinions.html", context, status=422 if form.errors else 200)


@agent_required
@require_POST
def revoke(request: HttpRequest, pk: uuid.UUID, opinion: uuid.UUID) -> HttpResponse:
    views.case_of(request, pk, "cases.treat")
    found = get_object_or_404(Opinion, pk=opinion, case=pk)
    try:
        services.revoke(found.pk, request.user)
    except CaseError as refusal:
        notes.error(request, str(refusal))
    else:
        notes.success(request, _("L’invitation est retirée : son lien n’ouvre plus rien."))
    return redirect("backoffice:case", pk=pk)


@agent_required
@require_safe
def paper(request: HttpRequest, pk: uuid.UUID, opinion: uuid.UUID) -> HttpResponse:
    """The opinion as PDF."""
    views.case_of(request, pk)
    found = Opinion.objects.select_related("case__procedure_version", "case__authority").filter(pk=opinion, case=pk)
    printed = papers.paper(get_object_or_404(found))
    if printed is None:
        raise Http404(_("Cet avis n’est pas encore rendu."))
    return serving.produced(printed.name, printed.content)


@agent_required
@require_safe
def document(request: HttpRequest, pk: uuid.UUID, opinion: uuid.UUID, document_id: uuid.UUID) -> HttpResponseBase:
    """A file given with an opinion."""
    case = views.case_of(request, pk).case
    found = get_object_or_404(Opinion, pk=opinion, case=pk)
    held = get_object_or_404(Document, pk=document_id, holder=found.pk)
    try:
        return copying.given(held, case, request.user)
    except NotOpenable as refusal:
        notes.error(request, f"{held.name} : {refusal}")
        return redirect("backoffice:case", pk)


def _form(request: HttpRequest, view: AgentCase) -> AskOpinion:
    case = view.case
    teams = Team.objects.filter(authority=case.authority_id).exclude(pk=case.team_id).exclude(email="")
    asked = [each for each in case.procedure_version.definition.fields if each.id in view.answers]
    return AskOpinion(
        request.POST if request.method == "POST" else None,
        teams=list(teams.order_by("name").values_list("slug", "name")),
        answers=[(each.id, str(each.label)) for each in asked],
        documents=[(str(each.pk), each.name) for each in view.documents],
        initial={"version": view.version},
    )
