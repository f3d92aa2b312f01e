"""Who is slowed down on the pages of persons, and what the key in an address opens."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest

from etoile.gru.access import refusals
from etoile.gru.throttles.services import Limit, allowed, exceeded

__all__ = ["Limit", "address_of", "allowed", "by_key", "exceeded"]
Opened = TypeVar("Opened")


def by_key(request: HttpRequest, find: Callable[[], Opened | None]) -> Opened | None:
    """What the key of this request opens, as `find` says; a wrong one is written down.

    Wrong keys are not counted: 160 random bits are not guessed, and a limit by address would close a kiosk to whoever
    holds the right one."""
    found = find()
    if found is None:
        refusals.of_key(getattr(request, "authority", None), str(getattr(request.resolver_match, "route", "")))
    return found


def address_of(request: HttpRequest) -> str:
    """Where the request comes from. Behind a declared proxy it is what that proxy saw: the last one it wrote."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))
