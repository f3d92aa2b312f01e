"""Acts on many cases and exports: what is asked, how far it is, what came of it."""

import uuid

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.gru.absences import queries as absences
from etoile.gru.access.rights import has_right
from etoile.gru.backoffice import asked_list, batch_reading
from etoile.gru.backoffice.batch_form import ActForm, ExportForm
from etoile.gru.backoffice.guard import agent_required, right_required
from etoile.gru.batches import fetching, queries, services
from etoile.gru.batches.acts import RIGHTS
from etoile.gru.batches.errors import BatchError
from etoile.gru.batches.models import Batch, Format, Kind
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.typed import identifiers
from etoile.gru.desk import labels

ACTS = (Kind.ASSIGN, Kind.TAKE, Kind.LABEL, Kind.MESSAGE, Kind.CLOSE)


@agent_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What the agent asked lately."""
    mine = list(queries.of(request.user)[: queries.SHOWN])
    return render(request, "backoffice/batches/list.html", {"table": batch_reading.own(mine)})


@right_required("cases.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: HttpRequest) -> HttpResponse:
    """Count the cases chosen, then do one act on them: those that were counted, whatever the list has become.

    Whoever treats decides too: the right to decide opens the page, each act asks its own."""
    offered = [kind for kind in ACTS if has_right(request.user, RIGHTS[kind])]
    given = {"agents": list(absences.able(request.user)), "offered": labels.offered(request.user.authority_id)}
    if request.method != "POST":
        form = ActForm(initial={"cases": ",".join(map(str, _asked(request)))}, **given)
        chosen = [each for each in form.initial["cases"].split(",") if each]
        return _show(request, form, chosen, offered, query=request.GET.get("query", ""))
    kind = request.POST.get("kind", "")
    if kind not in offered:
        raise PermissionDenied
    form = ActForm(request.POST, **given, kind=kind)
    query = request.POST.get("query", "")
    if form.is_valid():
        try:
            batch = services.ask(request.user, Kind(kind), form.chosen(), form.asked(Kind(kind)), query=query)
        except BatchError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("backoffice:batch", pk=batch.pk)
    return _show(request, form, form.chosen(), offered, query=query, status=422)


@right_required("cases.export")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    query, form = request.POST.get("query", ""), ExportForm(request.POST)
    if not form.is_valid():
        notes.error(request, _("Choisissez le format du fichier."))
        return redirect(f"{reverse('backoffice:inbox')}?{query[:2000]}")
    try:
        batch = services.ask_export(request.user, query, form=Format(form.cleaned_data["format"]))
    except BatchError as refusal:
        notes.error(request, str(refusal))
        return redirect("backoffice:batches")
    return redirect("backoffice:batch", pk=batch.pk)


@agent_required
@require_safe
def batch(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How far a work is, then its report."""
    found = _own(request, pk)
    return render(request, "backoffice/batches/one.html", batch_reading.report(found))


@agent_required
@require_POST
def stop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    if services.stop(_own(request, pk)):
        notes.success(request, _("C’est arrêté. Ce qui était fait le reste ; vous pouvez reprendre la suite."))
    return redirect("backoffice:batch", pk=pk)


@agent_required
@require_POST
def resume(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    if services.resume(_own(request, pk)):
        notes.success(request, _("C’est reparti, là où c’était arrêté."))
    return redirect("backoffice:batch", pk=pk)


@right_required("cases.export")
@require_safe
def file(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    found = _own(request, pk)
    if not found.has_file:
        raise Http404(_("Ce fichier n’est plus gardé. Exportez la liste de nouveau."))
    return fetching.answer(found)


def _own(request: HttpRequest, pk: uuid.UUID) -> Batch:
    found = queries.one(request.user, pk)
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest) -> list[uuid.UUID]:
    """The cases ticked, or those of the whole list: one more than may be treated says that there are too many."""
    if "tout" in request.GET:
        selection = asked_list.selection(request.user, request.GET.get("query", ""))
        return list(selection.cases(request.user, "cases.read").values_list("pk", flat=True)[: services.MOST + 1])
    ticked = identifiers(request.GET.getlist("demande"))
    return list(scope_of(request.user).cases().filter(pk__in=ticked).order_by("-pk").values_list("pk", flat=True))


def _show(
    request: HttpRequest,
    form: ActForm,
    chosen: list[object],
    offered: list[Kind],
    *,
    query: str,
    status: int = 200,
) -> HttpResponse:
    if not form.errors and not 0 < len(chosen) <= services.MOST:
        notes.error(request, batch_reading.too_many(len(chosen)))
        return redirect(f"{reverse('backoffice:inbox')}?{query[:2000]}")
    shown = {
        "form": form,
        "chosen": batch_reading.counted(len(chosen)),
        "theirs": batch_reading.theirs(request.user, chosen),
        "kinds": {kind.value: True for kind in offered},
        "labelled": len(form.fields["label"].choices) > 1,
        "query": query,
        "back": f"{reverse('backoffice:inbox')}?{query[:2000]}",
    }
    return render(request, "backoffice/batches/together.html", shown, status=status)
