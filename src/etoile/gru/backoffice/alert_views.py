"""Putting an alert above the portal's pages, and taking it away: in a minute, without a file."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from etoile.gru.access.models import Authority
from etoile.gru.backoffice.alert_form import AlertForm, initial_of
from etoile.gru.backoffice.guard import right_required
from etoile.gru.content.queries import published
from etoile.gru.content.services import put_alert


@right_required("alert.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest) -> HttpResponse:
    authority: Authority = request.user.authority
    current = published(authority).content.alert
    if request.method == "POST" and "remove" in request.POST:
        put_alert(authority, None)
        notes.success(request, _("L’alerte est retirée du portail."))
        return redirect("backoffice:alert")
    form = AlertForm(request.POST) if request.method == "POST" else AlertForm(initial=initial_of(current))
    if request.method == "POST" and form.is_valid():
        put_alert(authority, form.alert())
        notes.success(request, _("L’alerte est en ligne. Vérifiez-la sur le portail."))
        return redirect("backoffice:alert")
    shown = {
        "form": form,
        "current": current,
        "is_shown": current is not None and current.is_shown(authority.today()),
    }
    return render(request, "backoffice/administration/alert.html", shown, status=422 if form.errors else 200)
