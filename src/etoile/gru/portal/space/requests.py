"""Keeping a request in one's space. Its secret link is the proof: an e-mail that is the same proves nothing."""

import re

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.accounts import services, sessions
from etoile.gru.accounts.models import How, PersonSession
from etoile.gru.cases.models import Case
from etoile.gru.cases.queries import by_tracking_key
from etoile.gru.portal import mandated, throttle
from etoile.gru.portal.requests import authority_of
from etoile.gru.portal.space.forms import TrackingLink
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required

# The address as it is in the e-mail, or its last part alone.
_KEY = re.compile(r"(?:.*/suivi/)?([A-Za-z0-9_-]{20,60})/?(?:[?#].*)?\Z", re.DOTALL)


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def add(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """By the link of its receipt, pasted."""
    form = TrackingLink(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = _KEY.match(form.cleaned_data["link"].strip())
        case = throttle.by_key(request, lambda: _case(request, found[1] if found else ""))
        if case is not None:
            return _kept(request, session, case)
        form.add_error("link", _("Ce lien n’ouvre aucune demande. Copiez-le en entier depuis le courriel de l’accusé."))
    return show(request, "portal/space/add.html", "portal:space", {"form": form}, status=422 if form.errors else 200)


@require_POST
def attach(request: HttpRequest, key: str) -> HttpResponseBase:
    """From the page of the request: whoever reads it has the link."""
    case = throttle.by_key(request, lambda: _case(request, key))
    if case is None:
        return render(request, "portal/follow_unknown.html", status=404)
    session = sessions.current(request)
    return _kept(request, session, case) if session is not None else redirect("portal:space_sign_in")


def _kept(request: HttpRequest, session: PersonSession, case: Case) -> HttpResponseBase:
    is_new = services.keep(session.account, case.pk, How.LINK)
    told = _("La demande %(reference)s est dans votre espace.") if is_new else _("La demande %(reference)s y est déjà.")
    messages.success(request, told % {"reference": case.reference})
    return redirect("portal:space")


def _case(request: HttpRequest, key: str) -> Case | None:
    case = by_tracking_key(key) if key else None
    known = case is not None and case.authority == authority_of(request) and mandated.may_open(request, case)
    return case if known else None
