"""Who may open the console: operators of the hub, signed in, each by their role.

A reader sees everything but the content of messages; an operator decides about deliveries; an administrator changes
applications, subscriptions and operators.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, overload

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from etoile.hub.registry.models import Role

View = Callable[..., HttpResponse]
Guard = Callable[[View], View]


@overload
def operator_required(role: View) -> View: ...
@overload
def operator_required(role: str = ...) -> Guard: ...
def operator_required(role: View | str = Role.READER.value) -> View | Guard:
    """Sends to sign-in whoever is not an operator, refuses in plain words (403) whoever has not the role.

    Marks the view as guarded: tests list the views that are not, and try each role on each route. Bare
    (`@operator_required`), any operator may open it.
    """
    if not isinstance(role, str):
        return _guarded(role, Role.READER)
    needed = Role(role)
    return lambda view: _guarded(view, needed)


def may_decide(request: HttpRequest) -> bool:
    """Whether the forms of a decision are worth showing: a reader would only be refused."""
    return bool(request.user.may(Role.OPERATOR))  # type: ignore[union-attr]


def _guarded(view: View, role: Role) -> View:
    def admitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.may(role):  # type: ignore[union-attr]
            return render(request, "console/refused.html", {"needed": role.label}, status=403)
        return view(request, *args, **kwargs)

    signed_in = login_required(admitted)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = signed_in(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    wrapper.guarded = role.value  # type: ignore[attr-defined]
    return wrapper
