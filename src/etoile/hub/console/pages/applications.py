"""The applications plugged in, and the switching of their subscriptions."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from etoile.hub.console import queries
from etoile.hub.console.access import operator_required
from etoile.hub.console.forms import Decision
from etoile.hub.delivery import services as delivering
from etoile.hub.registry.models import Subscription


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


@operator_required("operator")
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switches a subscription off (its deliveries are held, never dropped) or on again."""
    get_object_or_404(Subscription, pk=pk)
    form = Decision(request.POST)
    if not form.is_valid():
        notes.error(request, form.errors["reason"][0])
        return redirect(f"{reverse('console:applications')}#abonnement-{pk}")
    reason, actor = form.cleaned_data["reason"], request.user.email
    if "hold" in request.POST:
        delivering.switch(pk, active=False, actor=actor, reason=reason)
        notes.success(request, _("L’abonnement est suspendu : ses envois sont retenus, rien n’est perdu."))
    elif "release" in request.POST:
        delivering.switch(pk, active=True, actor=actor, reason=reason)
        notes.success(request, _("L’abonnement est rétabli : ses envois repartent."))
    else:
        raise Http404
    return redirect(f"{reverse('console:applications')}#abonnement-{pk}")
