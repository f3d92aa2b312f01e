"""Who may open the back-office: agents of this authority, signed in."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from etoile.gru.access import refusals, sessions, unsent
from etoile.gru.access.models import Account
from etoile.gru.access.rights import Right, has_right

View = Callable[..., HttpResponse]
# Pages whose forms are not given back when they were sent too late: what proves who one is was typed there.
NEVER = ("/agents/connexion/", "/agents/mot-de-passe/", "/agents/securite/", "/agents/deconnexion/", "/agents/reprise/")


def agent_required(view: View) -> View:
    """Sends to sign-in whoever is not an agent, refuses another authority's, and marks the view as guarded."""

    @login_required
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        authority = getattr(request, "authority", None)
        if authority is not None and request.user.authority_id != authority.pk:
            raise PermissionDenied
        sessions.stretch(request.session)
        own = sessions.holder(request.user)
        return unsent.sent_on(request, own, partial(view, request, *args, **kwargs), back=reverse("backoffice:resume"))

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ended = _ended(request)
        if ended is not None and unsent.keep(request, sessions.holder(ended), never=NEVER):
            notes.info(request, _("Votre session s’est fermée. Ce que vous envoyiez est gardé : connectez-vous."))
            return redirect_to_login(reverse("backoffice:resume"))
        try:
            response = inside(request, *args, **kwargs)
        except (PermissionDenied, Http404) as refusal:
            _write_down(request, 403 if isinstance(refusal, PermissionDenied) else 404)
            raise
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    wrapper.guarded = "agent"  # type: ignore[attr-defined]
    return wrapper


def _ended(request: HttpRequest) -> Account | None:
    """Whose session has ended by itself; a cookie that opens nothing any more is told. Who never signed in has none."""
    given = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not given or request.user.is_authenticated or request.session.session_key is not None:
        return None
    owner = sessions.owner_of(given)
    refusals.of_session(owner, getattr(request, "authority", None))
    return owner if owner is not None and owner.is_active else None


def _write_down(request: HttpRequest, status: int) -> None:
    match = request.resolver_match
    if isinstance(request.user, Account) and match is not None:
        refusals.of_page(request.user, str(match.route), status)


def right_required(right: Right) -> Callable[[View], View]:
    """For those who hold this right somewhere; a view of what belongs to a team asks `has_right` for that team too."""

    def guard(view: View) -> View:
        @agent_required
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not has_right(request.user, right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        wrapper.right = right  # type: ignore[attr-defined]
        return wrapper

    return guard
