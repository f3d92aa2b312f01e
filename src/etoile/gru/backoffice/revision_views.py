"""The answers of a request: asked to be corrected by the person, or changed by an agent who says why."""

import uuid

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from etoile.design.fields import errors_of
from etoile.gru.backoffice import foreseen, reading, views
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.backoffice.revision_forms import AskCorrections, Reason
from etoile.gru.cases import queries
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.corrections import changes, eligible, opening, services
from etoile.gru.corrections.effects import effects
from etoile.gru.corrections.errors import ChangedMeanwhile, Wrong
from etoile.gru.corrections.posting import posted
from etoile.gru.corrections.revised import Revised


def _treated(request: HttpRequest, pk: uuid.UUID) -> AgentCase:
    """The case, for who may treat it; its answers change while it is open only."""
    view = views.case_of(request, pk, "cases.treat")
    if not view.case.is_open:
        raise Http404(_("La demande est terminée : ses réponses ne changent plus."))
    return view


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    view = _treated(request, pk)
    form = AskCorrections(
        request.POST if request.method == "POST" else None,
        questions=[
            (each.id, str(each.label), reading.words_of_answer(each, view)) for each in eligible.correctable(view.case)
        ],
        initial={"version": view.version},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.ask(pk, request.user, wrong=form.wrong(), deadline=given["deadline"],
                         indispensable=given["indispensable"], expected_version=given["version"])  # fmt: skip
        except CaseError as refusal:
            form.add_error(None, str(refusal))
            views.renew(form, view)
        else:
            notes.success(request, _("Les corrections sont demandées. La personne est prévenue par courriel."))
            return redirect("backoffice:case", pk=pk)
    context = {"view": view, "case": view.case, "form": form, "asked": list(form.asked())}
    return render(request, "backoffice/corrections.html", context, status=422 if form.errors else 200)


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Every answer that may change, as the form asks it; nothing is changed before it is read again."""
    view = _treated(request, pk)
    revised = opening.of_agent(view.case, request.user)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            given = posted(request, revised)
        except CaseError as refusal:
            notes.error(request, str(refusal))
            return redirect("backoffice:answers", pk=pk)
        revised, errors = given.revised, given.errors
        if not errors:
            more = given.staying or given.revealed
            return redirect("backoffice:answers" if more else "backoffice:answers-check", pk=pk)
    parts = revised.parts(errors, {})
    fields = [each for part in parts for each in part.fields]
    context = {
        "view": view,
        "case": view.case,
        "parts": parts,
        "errors": errors_of(fields),
        "uploads": revised.takes_files,
    }
    return render(request, "backoffice/answers.html", context, status=422 if errors else 200)


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What would change, before it does."""
    view = _treated(request, pk)
    revised = opening.of_agent(view.case, request.user)
    if "drop" in request.POST:
        services.abandon(revised)
        notes.success(request, _("Vos changements sont abandonnés. Rien n’a été modifié."))
        return redirect("backoffice:case", pk=pk)
    form = Reason(request.POST if request.method == "POST" else None, initial={"read": opening.mark(view.case)})
    if request.method == "POST" and form.is_valid():
        try:
            services.save(pk, request.user, **form.cleaned_data)
        except Wrong:
            return redirect("backoffice:answers", pk=pk)
        except CaseError as refusal:
            form.add_error(None, str(refusal))
            if isinstance(refusal, ChangedMeanwhile):
                form.data = {**form.data.dict(), form.add_prefix("read"): opening.mark(view.case)}
        else:
            notes.success(request, _("Les réponses sont modifiées. La personne est prévenue par courriel."))
            # They may have sent it to a team whose requests this agent does not see.
            mine = queries.visible_to(request.user).filter(pk=pk).exists()
            return redirect("backoffice:case", pk=pk) if mine else redirect("backoffice:inbox")
    return _summary(request, view, revised, form)


def _summary(request: HttpRequest, view: AgentCase, revised: Revised, form: Reason) -> HttpResponse:
    coming = changes.coming(revised)
    entailed = foreseen.sentences(view.case, effects(revised)) if coming and not revised.errors() else ()
    context = {
        "entailed": entailed,
        "view": view,
        "case": view.case,
        "form": form,
        "coming": changes.table(_("Ce qui va changer"), coming) if coming else None,
    }
    return render(request, "backoffice/answers_check.html", context, status=422 if form.errors else 200)
