"""Who may open the console: operators of the hub, signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def operator_required(view: View) -> View:
    """Sends to sign-in whoever is not an operator, and marks the view as guarded (a test lists the others)."""
    guarded = login_required(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = guarded(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    wrapper.guarded = "operator"  # type: ignore[attr-defined]
    return wrapper
