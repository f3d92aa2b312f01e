"""Who comes to a page of « Mon espace »."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from etoile.gru.access import unsent
from etoile.gru.accounts import sessions
from etoile.gru.accounts.models import PersonSession
from etoile.gru.portal.requests import authority_of

NEXT = "suite"
SHARED = "shared"
# Pages whose forms are not given back when they were sent too late: what proves who one is, or a link that opens, was
# typed there; and the page that gives them back.
NEVER = tuple(f"/mon-espace/{each}/" for each in ("securite", "fermer", "ajouter", "reunir", "reprise"))


def person_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the session; else the sign-in, which leads back here. An agent's session opens nothing."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        authority_of(request)
        session, resume = sessions.current(request), reverse("portal:space_resume")
        if session is None:
            was = sessions.ended(request)
            if was is not None and unsent.keep(request, sessions.holder(was.account), never=NEVER):
                words = _("Votre espace s’est fermé. Ce que vous envoyiez est gardé : ouvrez-le de nouveau.")
                messages.info(request, words)
                return redirect(sign_in_address(resume, was))
            after = request.method in ("GET", "HEAD") or request.path == resume
            return redirect(sign_in_address(request.get_full_path() if after else "", was))
        own = sessions.holder(session.account)
        return unsent.sent_on(request, own, partial(view, request, session, *args, **kwargs), back=resume)

    guarded.guarded = "session of the person"  # type: ignore[attr-defined]
    return guarded


def sign_in_address(after: str, was: PersonSession | None = None) -> str:
    """Of the sign-in, which then leads to `after`. On a device that others use, the next session (`was`: the last one)
    ends by itself too, without being asked again."""
    asked = {NEXT: after} if after and after != reverse("portal:space") else {}
    if was is not None and was.shared:
        asked[SHARED] = "1"
    return f"{reverse('portal:space_sign_in')}{f'?{urlencode(asked)}' if asked else ''}"


def following(request: HttpRequest) -> str:
    """Where to go once signed in: a page of this site that was asked for, else the home of the space."""
    asked = (request.POST or request.GET).get(NEXT, "")
    inside = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if inside else reverse("portal:space")
