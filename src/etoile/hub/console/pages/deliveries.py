"""Deliveries: the list, one of them with what was tried, and the decision taken about it."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from etoile.hub.console import queries, tables, words
from etoile.hub.console.access import may_decide, operator_required
from etoile.hub.console.criteria import chosen_in, filter_of
from etoile.hub.console.forms import OLDEST_FIRST, Decision
from etoile.hub.console.journeys import journeys
from etoile.hub.console.paging import keys_of, pages
from etoile.hub.delivery import search
from etoile.hub.delivery import services as delivering
from etoile.hub.delivery.models import Delivery


@operator_required
@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    form = filter_of(request.GET)
    criteria = form.criteria()
    after, before = keys_of(request)
    place = search.Place(after, before, oldest_first=request.GET.get("order") == OLDEST_FIRST)
    page = search.page(criteria, place)
    context = {
        "form": form,
        "table": tables.deliveries_table(queries.lines(page.rows), empty=words.nothing(request.GET.get("state", ""))),
        "found": tables.found(len(page.rows), more=bool(page.next_key or page.previous_key)),
        "pages": pages(request, page.next_key, page.previous_key),
        "bulk_href": f"{reverse('console:bulk')}?{chosen_in(request.GET)}",
        "is_cut": page.is_cut,
        "may_decide": may_decide(request) and criteria.narrows and bool(page.rows),
    }
    return render(request, "console/deliveries.html", context, status=422 if form.errors else 200)


@operator_required
@require_safe
def delivery_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return show_delivery(request, get_object_or_404(Delivery, pk=pk))


def show_delivery(request: HttpRequest, delivery: Delivery, form: Decision | None = None) -> HttpResponse:
    journey = journeys([delivery], form)[0]
    context = {
        "journey": journey,
        "line": journey.line,
        "tries": words.tries(journey.line),
        "page_address": reverse("console:delivery", args=[delivery.pk]),
        "may_decide": may_decide(request),
    }
    return render(request, "console/delivery.html", context, status=422 if journey.form.errors else 200)


@operator_required("operator")
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk)
    form = Decision(request.POST)
    if not form.is_valid():
        return show_delivery(request, delivery, form)
    reason, actor = form.cleaned_data["reason"], request.user.email
    if "handled" in request.POST:
        said = _("Traité par un autre chemin : %(reason)s") % {"reason": reason}
        changed = delivering.cancel([delivery.pk], actor=actor, reason=said)
        done = _("L’envoi est marqué comme traité. Votre motif est au journal.")
    elif "cancel" in request.POST:
        changed = delivering.cancel([delivery.pk], actor=actor, reason=reason)
        done = _("L’envoi est annulé. Votre motif est au journal.")
    else:
        changed = delivering.replay([delivery.pk], actor=actor, reason=reason)
        done = _("L’envoi repart. Votre motif est au journal.")
    if changed:
        notes.success(request, done)
    else:
        notes.warning(request, _("L’envoi avait déjà changé d’état : rien n’a été fait."))
    return redirect("console:delivery", pk=pk)
