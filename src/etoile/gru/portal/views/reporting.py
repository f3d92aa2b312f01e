"""Reporting an accessibility defect: from any page, in one click, to the procedure that keeps the one-week promise."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from etoile.gru.filling import keys, services
from etoile.gru.filling.errors import FillingRefused
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.queries import open_procedures
from etoile.gru.portal import throttle
from etoile.gru.portal.requests import authority_of
from etoile.gru.portal.views.starting import STARTS

# The ready-made procedure of `procedures/`, and its question that says where the defect is.
PROCEDURE = "signaler-defaut-accessibilite"
PAGE_FIELD = "page_concernee"
LONGEST = 200


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Says what will happen, then opens the form with the page already written. Without the procedure: how to write
    or call."""
    town = authority_of(request)
    page = (request.POST.get("page") or request.GET.get("page", ""))[:LONGEST]
    procedure = open_procedures(town).filter(slug=PROCEDURE).first()
    if request.method == "POST" and procedure is not None:
        return _open(request, procedure, page)
    return render(request, "portal/report.html", {"town": town, "page": page, "procedure": procedure})


def _open(request: HttpRequest, procedure: Procedure, page: str) -> HttpResponse:
    if procedure.current is None or not throttle.allowed("start", throttle.address_of(request), STARTS):
        messages.error(request, _("Trop de formulaires ont été ouverts d’ici. Réessayez dans quelques minutes."))
        return redirect("portal:accessibility")
    try:
        draft, key = services.start(procedure.current, answers={PAGE_FIELD: page} if page else {})
    except FillingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:accessibility")
    response = redirect("portal:page", procedure.slug, draft.id, procedure.current.definition.pages[0].id)
    keys.remember(response, draft, key)
    return response
