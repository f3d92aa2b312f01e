"""Who may open the back-office: agents of this authority, signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from etoile.gru.access.models import Role
from etoile.gru.access.queries import has_role

View = Callable[..., HttpResponse]


def agent_required(view: View) -> View:
    """Sends to sign-in whoever is not an agent, refuses another authority's, and marks the view as guarded."""

    @login_required
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        authority = getattr(request, "authority", None)
        if authority is not None and request.user.authority_id != authority.pk:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = inside(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    wrapper.guarded = "agent"  # type: ignore[attr-defined]
    return wrapper


def supervisor_required(view: View) -> View:
    """For those who answer for a team or for the whole: a manager or an administrator."""
    return _role_required(view, Role.MANAGER, Role.ADMIN)


def administrator_required(view: View) -> View:
    """For those who answer for the whole: what is published in the authority's name."""
    return _role_required(view, Role.ADMIN)


def _role_required(view: View, *roles: Role) -> View:
    @agent_required
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_role(request.user, *roles):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapper
