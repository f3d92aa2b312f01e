"""The operator's screens: how each application stands, what waits and why, what was tried, and the decisions."""

import json
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as notes
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from etoile.design.parts import Pages
from etoile.hub.console import queries, tables, words
from etoile.hub.console.access import operator_required
from etoile.hub.console.forms import OLDEST_FIRST, Decision, DeliveryFilter, MessageSearch
from etoile.hub.delivery import services as delivering
from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.states import CANCELLABLE, REPLAYABLE, STUCK
from etoile.hub.journal import services as journal
from etoile.hub.journal.models import Message
from etoile.hub.registry import services as registry
from etoile.hub.registry.models import Subscription

GROUPS = {"waiting": queries.WAITING, "stuck": STUCK}


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def pages(request: HttpRequest, next_key: str) -> Pages:
    following = request.GET.copy()
    following["avant"] = next_key
    first = {name: value for name, value in request.GET.items() if name != "avant"}
    return Pages(
        previous_href=f"?{urlencode(first)}" if "avant" in request.GET else "",
        next_href=f"?{following.urlencode()}" if next_key else "",
    )


@operator_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    standings = queries.standings()
    context = {
        "table": tables.standings_table(standings),
        "waiting": sum(row.waiting for row in standings),
        "stuck": sum(row.stuck for row in standings),
        "acknowledged": sum(row.acknowledged for row in standings),
        "unrouted": queries.unrouted_count(),
    }
    return render(request, "console/overview.html", context)


@operator_required
@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    form = DeliveryFilter(request.GET or None, applications=queries.application_choices())
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    state = chosen.get("state") or ""
    page = queries.deliveries(
        states=GROUPS.get(state, (state,) if state else ()),
        application=int(chosen["application"]) if chosen.get("application") else None,
        subject=request.GET.get("subject", ""),
        after=key_of(request.GET.get("avant", "")),
        oldest_first=chosen.get("order") == OLDEST_FIRST,
    )
    context = {
        "form": form,
        "table": tables.deliveries_table(page.rows, empty=words.nothing(state)),
        "pages": pages(request, page.next_key),
    }
    return render(request, "console/deliveries.html", context)


@operator_required
@require_safe
def delivery_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return show_delivery(request, get_object_or_404(Delivery, pk=pk), Decision())


def show_delivery(request: HttpRequest, delivery: Delivery, form: Decision) -> HttpResponse:
    line = queries.lines([delivery])[0]
    context = {
        "line": line,
        "page_address": reverse("console:delivery", args=[delivery.pk]),
        "kind": words.kind(line.message.type) if line.message else "–",
        "state": tables.state_cell(delivery.state),
        "plan": words.plan(line),
        "attempts": tables.attempts_table(list(queries.attempts_of(delivery))),
        "entries": words.journal(queries.entries_of(delivery.message_id, [delivery.pk])),
        "form": form,
        "can_replay": delivery.state in REPLAYABLE,
        "can_cancel": delivery.state in CANCELLABLE,
    }
    return render(request, "console/delivery.html", context, status=422 if form.errors else 200)


@operator_required
@require_POST
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=pk)
    form = Decision(request.POST)
    if not form.is_valid():
        return show_delivery(request, delivery, form)
    reason, actor = form.cleaned_data["reason"], request.user.email
    if "cancel" in request.POST:
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


@operator_required
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    form = MessageSearch(request.GET or None)
    asked = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    unrouted = request.GET.get("state") == "unrouted"
    page = queries.messages(
        words=asked,
        unrouted=unrouted,
        after=key_of(request.GET.get("avant", "")),
    )
    context = {
        "form": form,
        "unrouted": unrouted,
        "table": tables.messages_table(page.rows),
        "pages": pages(request, page.next_key),
    }
    return render(request, "console/messages.html", context)


def message_page(request: HttpRequest, message: Message, content: str = "") -> HttpResponse:
    found = list(Delivery.objects.filter(message_id=message.pk).order_by("id"))
    context = {
        "message": message,
        "page_address": reverse("console:message", args=[message.pk]),
        "kind": words.kind(message.type),
        "reference": queries.reference_of(message),
        "received": words.moment(message.received_at),
        "deliveries": tables.deliveries_table(
            queries.lines(found), empty=_("Aucun abonnement n’attendait ce message.")
        ),
        "entries": words.journal(queries.entries_of(message.pk, [delivery.pk for delivery in found])),
        "content": content,
    }
    return render(request, "console/message.html", context)


@operator_required
@require_safe
def message_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return message_page(request, get_object_or_404(Message, pk=pk))


@operator_required
@require_POST
def message_content(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The content holds personal data: opening it is a decision of its own, written in the journal."""
    message = get_object_or_404(Message, pk=pk)
    with connection.cursor() as cursor:
        journal.record(cursor, "message.opened", actor=request.user.email, message_id=message.pk)
    content = json.dumps(json.loads(message.payload), ensure_ascii=False, indent=2)
    return message_page(request, message, content)


@operator_required
@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    rows = queries.subscriptions()
    context = {
        "applications": [
            (application, [row for row in rows if row.application_id == application.pk])
            for application in queries.applications()
        ]
    }
    return render(request, "console/applications.html", context)


@operator_required
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches a subscription off (its deliveries are held, never dropped) or on again."""
    subscription = get_object_or_404(Subscription, pk=pk)
    form = Decision(request.POST)
    if not form.is_valid():
        notes.error(request, form.errors["reason"][0])
        return redirect(f"{reverse('console:applications')}#abonnement-{pk}")
    reason, actor = form.cleaned_data["reason"], request.user.email
    if "hold" in request.POST:
        registry.switch(subscription, active=False, actor=actor)
        delivering.hold_subscription(subscription.pk, actor=actor, reason=reason)
        notes.success(request, _("L’abonnement est suspendu : ses envois sont retenus, rien n’est perdu."))
    elif "release" in request.POST:
        registry.switch(subscription, active=True, actor=actor)
        delivering.release_subscription(subscription.pk, actor=actor, reason=reason)
        notes.success(request, _("L’abonnement est rétabli : ses envois repartent."))
    else:
        raise Http404
    return redirect(f"{reverse('console:applications')}#abonnement-{pk}")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "console/accessibility.html")
