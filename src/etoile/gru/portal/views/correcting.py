"""Correcting answers that the service asked to correct: one page, kept while it is written, sent at once."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from etoile.design.fields import errors_of
from etoile.gru.cases import actors
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import DocumentRequest
from etoile.gru.cases.views_of_person import Tracking
from etoile.gru.corrections import faults, opening, services
from etoile.gru.corrections.posting import posted
from etoile.gru.corrections.revised import Revised
from etoile.gru.portal.views.tracking import opened


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opened
def correct(request: HttpRequest, view: Tracking, key: str, asked: uuid.UUID) -> HttpResponse:
    wanted = next((each for each in view.open_requests if each.pk == asked and each.is_correction), None)
    if wanted is None:
        messages.info(request, _("Ces corrections ne sont plus attendues. Rien d’autre n’est à faire ici."))
        return redirect("portal:follow", key)
    revised = opening.of_person(view.case, wanted)
    if request.method != "POST":
        return _page(request, view, key, wanted, revised, {})
    try:
        return _save(request, view, key, wanted, revised)
    except CaseError as refusal:
        messages.error(request, str(refusal))
        return redirect("portal:correct", key, asked)


def _save(request: HttpRequest, view: Tracking, key: str, wanted: DocumentRequest, revised: Revised) -> HttpResponse:
    given = posted(request, revised)
    if given.errors:
        return _page(request, view, key, wanted, given.revised, given.errors)
    if "later" in request.POST:
        messages.success(request, _("Vos corrections sont gardées. Elles ne sont pas encore envoyées."))
        return redirect("portal:follow", key)
    if given.staying:
        return redirect("portal:correct", key, wanted.pk)
    if given.revealed:
        messages.info(request, _("Votre réponse ajoute des questions sur cette page. Répondez-y, puis envoyez."))
        return redirect("portal:correct", key, wanted.pk)
    services.send(view.id, wanted.pk, actors.person(view.case.contact_name))
    messages.success(request, _("Vos corrections sont envoyées. Le service reprend l’examen de votre demande."))
    return redirect("portal:follow", key)


def _page(
    request: HttpRequest,
    view: Tracking,
    key: str,
    wanted: DocumentRequest,
    revised: Revised,
    errors: dict[str, str],
) -> HttpResponse:
    parts = revised.parts(errors, faults.said(wanted))
    fields = [each for part in parts for each in part.fields]
    context = {
        "view": view,
        "key": key,
        "wanted": wanted,
        "parts": parts,
        "errors": errors_of(fields),
        "uploads": revised.takes_files,
        "has_required": any(each.required for each in fields),
    }
    return render(request, "portal/correct.html", context, status=422 if errors else 200)
