"""Which authority a request is for: `request.authority`, or None when none is known under that host.

The days and hours of the request are those of the authority: a town of La Réunion is four hours ahead of the server.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from etoile.gru.access.queries import authority_for_host

# Answered for the machine or by identifier: they must not wait for, nor depend on, the name they were called by.
WITHOUT_AUTHORITY = ("/health/", "/documents/", "/inbox/")


class AuthorityMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = not request.path.startswith(WITHOUT_AUTHORITY)
        host = request.get_host().rsplit(":", 1)[0] if known else ""
        request.authority = authority_for_host(host) if known else None  # type: ignore[attr-defined]
        zone = request.authority.zone if request.authority is not None else None
        with timezone.override(zone):
            return self.get_response(request)
