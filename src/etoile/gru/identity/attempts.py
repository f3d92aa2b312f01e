"""What a browser keeps while its person is on the platform: signed, for a quarter of an hour, and taken back with the
answer. A cookie and no session: citizens have none, and a sign-in given up leaves no row behind."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from etoile.gru.identity.flow import ATTEMPT_SECONDS, Attempt
from etoile.gru.identity.platforms import Platform

SALT = "etoile.gru.identity.attempt"


def keep(answer: HttpResponse, platform: Platform, attempt: Attempt, **beside: str) -> None:
    """`beside`: what the page will need when the person is back, such as where to go."""
    kept = signing.dumps({"attempt": attempt.kept(), "beside": beside}, salt=_salt(platform))
    answer.set_cookie(
        _name(platform), kept, ATTEMPT_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def found(request: HttpRequest, platform: Platform) -> tuple[Attempt | None, dict[str, str]]:
    """The attempt of this browser and what was kept beside; None when there is none, or one that was changed."""
    text = request.COOKIES.get(_name(platform), "")
    try:
        kept: Any = signing.loads(text, salt=_salt(platform), max_age=ATTEMPT_SECONDS)
    except signing.BadSignature:
        return None, {}
    return Attempt.found(kept["attempt"]), kept["beside"]


def forget(answer: HttpResponse, platform: Platform) -> None:
    """An answer serves once: whatever came of it, the attempt leaves the browser."""
    answer.set_cookie(_name(platform), "", 0, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")


def _name(platform: Platform) -> str:
    return f"{settings.IDENTITY.cookie}_{platform.slug}"


def _salt(platform: Platform) -> str:
    return f"{SALT}.{platform.slug}"
