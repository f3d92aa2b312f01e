"""How often a page that sends mail or opens something may be used. Counted in the cache, a window at a time."""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in `seconds`."""

    count: int
    seconds: int


def allowed(purpose: str, subject: str, limit: Limit) -> bool:
    """Count one use by this subject (an address, an e-mail: kept as a digest) and say whether it may pass."""
    key = f"portal:throttle:{purpose}:{hashlib.sha256(subject.encode()).hexdigest()}"
    if cache.add(key, 1, limit.seconds):
        return True
    try:
        return cache.incr(key) <= limit.count
    except ValueError:  # the window ended between the two calls
        return True


def address_of(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR", "")
