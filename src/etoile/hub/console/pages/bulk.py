"""One decision for many deliveries: choose, see how many, write why, then send again or close them all."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from etoile.contract.identifiers import uuid7
from etoile.hub.console import queries, tables
from etoile.hub.console.access import operator_required
from etoile.hub.console.criteria import chosen_in, filter_of
from etoile.hub.console.forms import Decision
from etoile.hub.console.paging import key_of
from etoile.hub.delivery import search
from etoile.hub.delivery import services as delivering
from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.states import CANCELLABLE, REPLAYABLE

# One decision at a time: what follows is chosen again, by the same criteria.
MOST = 5_000
SHOWN = 10


@operator_required("operator")
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """What was counted is what is decided about: deliveries made since are left out."""
    if request.method != "POST":
        return _preview(request, request.GET, uuid7(), Decision())
    until = key_of(request.POST.get("until", ""))
    form = Decision(request.POST)
    if until is None or not form.is_valid():
        return _preview(request, request.POST, until or uuid7(), form)
    criteria = filter_of(request.POST).criteria()
    found = search.ids(criteria, up_to=until, limit=MOST) if criteria.narrows else []
    notes.success(request, _decided(request, found, form.cleaned_data["reason"]))
    return redirect(f"{reverse('console:deliveries')}?{_criteria(request.POST)}")


def _decided(request: HttpRequest, found: list[UUID], reason: str) -> str:
    actor = request.user.email  # type: ignore[union-attr]
    if "replay" in request.POST:
        number = delivering.replay(found, actor=actor, reason=reason) if found else 0
        return ngettext("%(n)s envoi repart.", "%(n)s envois repartent.", number) % {"n": number}
    if "handled" in request.POST:
        reason = _("Traité par un autre chemin : %(reason)s") % {"reason": reason}
    number = delivering.cancel(found, actor=actor, reason=reason) if found else 0
    return ngettext("%(n)s envoi est fermé.", "%(n)s envois sont fermés.", number) % {"n": number}


def _preview(request: HttpRequest, given: Mapping[str, str], until: UUID, form: Decision) -> HttpResponse:
    criteria = filter_of(given)
    chosen = criteria.criteria()
    found = search.ids(chosen, up_to=until, limit=MOST + 1) if chosen.narrows else []
    rows = list(Delivery.objects.filter(pk__in=found[:MOST]).only("state"))
    shown = Delivery.objects.in_bulk(found[:SHOWN])
    context: dict[str, Any] = {
        "form": form,
        "page_address": f"{reverse('console:bulk')}?{_criteria(given)}",
        "criteria": [(name, value) for name, value in given.items() if value and name in criteria.fields],
        "told": told(criteria),
        "narrows": chosen.narrows,
        "number": len(rows),
        "is_cut": len(found) > MOST,
        "most": MOST,
        "replayable": sum(each.state in REPLAYABLE for each in rows),
        "cancellable": sum(each.state in CANCELLABLE for each in rows),
        "until": until,
        "table": tables.deliveries_table(queries.lines(list(shown.values()))),
        "list_href": f"{reverse('console:deliveries')}?{_criteria(given)}",
    }
    return render(request, "console/bulk.html", context, status=422 if form.errors else 200)


def told(form: Any) -> list[tuple[str, str]]:
    """The criteria in words: the label of each field that is filled in, and what was chosen."""
    facts = []
    for bound in form:
        value = form.data.get(bound.html_name, "") if form.is_bound else ""
        if value and bound.name != "order":
            choices = dict(getattr(bound.field, "choices", ()))
            facts.append((str(bound.label), str(choices.get(value, value))))
    return facts


def _criteria(given: Mapping[str, str]) -> str:
    kept = filter_of({}).fields
    return chosen_in({name: value for name, value in given.items() if name in kept})
