"""The page of what needs a person between the hub and us. Rules and writes: `outbox.services`, `cases.quarantine`."""

import uuid

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from etoile.gru.backoffice import anomalies
from etoile.gru.backoffice.forms import Decision
from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases import quarantine
from etoile.gru.outbox import services as outgoing


@right_required("anomalies.handle")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    return show(request)


def show(request: HttpRequest, refused: Decision | None = None) -> HttpResponse:
    """`refused` is the decision that could not be taken, shown where it was typed."""
    context = {
        "outgoing": [(row, form_for(f"sortant-{row.id}", refused)) for row in anomalies.refused(request.user)],
        "incoming": [(row, form_for(f"entrant-{row.id}", refused)) for row in anomalies.quarantined(request.user)],
        "refused": refused,
        "page_address": reverse("backoffice:anomalies"),
    }
    return render(request, "backoffice/anomalies.html", context, status=422 if refused is not None else 200)


def form_for(prefix: str, refused: Decision | None) -> Decision:
    return refused if refused is not None and refused.prefix == prefix else Decision(prefix=prefix)


@right_required("anomalies.handle")
@require_POST
def outgoing_event(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """Offer a refused event again, or give it up with a reason."""
    if not anomalies.events_of(request.user).filter(id=event_id).exists():
        raise Http404
    form = Decision(request.POST, prefix=f"sortant-{event_id}")
    try:
        if "retry" in request.POST:
            outgoing.retry(event_id)
            notes.success(request, _("L’évènement sera proposé de nouveau au hub."))
        elif not form.is_valid():
            return show(request, form)
        else:
            outgoing.cancel(event_id, reason=signed(request, form))
            notes.success(
                request, _("L’évènement est abandonné. Votre motif est gardé ; la suite de la demande repart.")
            )
    except outgoing.NotRefused:
        return gone(request)
    return redirect("backoffice:anomalies")


@right_required("anomalies.handle")
@require_POST
def incoming_event(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a quarantined event again, or set it aside with a reason."""
    if not anomalies.in_whole(request.user):
        raise Http404
    held, siret = quarantine.provider(), request.user.authority.siret
    form = Decision(request.POST, prefix=f"entrant-{pk}")
    try:
        if "retry" in request.POST:
            if held.retry(siret, pk):
                notes.success(request, _("La nouvelle est appliquée à sa demande."))
            else:
                notes.warning(request, _("La demande est toujours inconnue : la nouvelle reste en quarantaine."))
        elif not form.is_valid():
            return show(request, form)
        else:
            held.dismiss(siret, pk, reason=signed(request, form))
            notes.success(request, _("La nouvelle est écartée. Votre motif est gardé."))
    except quarantine.NotHeld:
        return gone(request)
    return redirect("backoffice:anomalies")


def gone(request: HttpRequest) -> HttpResponse:
    notes.warning(request, _("Quelqu’un s’en est déjà occupé : rien n’a été fait."))
    return redirect("backoffice:anomalies")


def signed(request: HttpRequest, form: Decision) -> str:
    """The rooms of the doors keep one sentence: who decided goes with why."""
    return f"{form.cleaned_data['reason']} ({request.user})"
