"""How often a page that sends mail or opens something may be used. Counted in the cache, a window at a time."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from etoile.gru.access import refusals

Opened = TypeVar("Opened")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in `seconds`."""

    count: int
    seconds: int


WRONG_KEYS = Limit(count=50, seconds=600)


def allowed(purpose: str, subject: str, limit: Limit) -> bool:
    """Count one use by this subject (an address, an e-mail: kept as a digest) and say whether it may pass."""
    key = _key(purpose, subject)
    if cache.add(key, 1, limit.seconds):
        return True
    try:
        return cache.incr(key) <= limit.count
    except ValueError:  # the window ended between the two calls
        return True


def exceeded(purpose: str, subject: str, limit: Limit) -> bool:
    """Whether the limit is reached already; counts nothing."""
    return int(cache.get(_key(purpose, subject), 0)) >= limit.count


def by_key(request: HttpRequest, find: Callable[[], Opened | None]) -> Opened | None:
    """What the key of this request opens, as `find` says. Wrong keys are counted, though guessing 160 bits is
    hopeless."""
    asked_from = address_of(request)
    found = None if exceeded("wrong-key", asked_from, WRONG_KEYS) else find()
    if found is None:
        allowed("wrong-key", asked_from, WRONG_KEYS)
        refusals.of_key(getattr(request, "authority", None), str(getattr(request.resolver_match, "route", "")))
    return found


def address_of(request: HttpRequest) -> str:
    """Where the request comes from. Behind a declared proxy it is what that proxy saw: the last one it wrote."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def _key(purpose: str, subject: str) -> str:
    return f"portal:throttle:{purpose}:{hashlib.sha256(subject.encode()).hexdigest()}"
