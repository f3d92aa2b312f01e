"""The key of a draft: a random secret in a signed cookie. Who has no key has no draft, whatever identifier they
type."""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from etoile.gru.filling.models import Draft

PATH = "/demarches/"
_SALT = "etoile.gru.filling"


def new_key() -> str:
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """What the database keeps: a copy of it opens no draft."""
    return hashlib.sha256(key.encode()).hexdigest()


def opens(draft: Draft, key: str | None) -> bool:
    """Whether this is the key of one of the browsers it was begun or taken up in."""
    if key is None:
        return False
    given = digest(key)
    return any(hmac.compare_digest(each, given) for each in (draft.key_digest, *draft.other_keys))


def cookie_name(identifier: object) -> str:
    return f"brouillon-{str(identifier).replace('-', '')}"


def remember(response: HttpResponse, draft: Draft, key: str) -> None:
    """Give the browser the key, until the draft expires. Sent on procedures' pages only, never to scripts."""
    response.set_signed_cookie(
        cookie_name(draft.id),
        key,
        salt=_SALT,
        expires=draft.expires_at,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def key_of(request: HttpRequest, identifier: object) -> str | None:
    return request.get_signed_cookie(cookie_name(identifier), default=None, salt=_SALT)


def forget(response: HttpResponse, identifier: object) -> None:
    response.delete_cookie(cookie_name(identifier), path=PATH, samesite="Lax")
