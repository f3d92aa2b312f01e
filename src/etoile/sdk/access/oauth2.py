"""OAuth 2 tokens of an application: kept by the door, asked for once, asked for again when they are refused."""

import base64
import hashlib
from typing import Any
from urllib.parse import quote_plus

from etoile.sdk.access.settings import OAuth2
from etoile.sdk.answers import Answer
from etoile.sdk.context import Context
from etoile.sdk.door import Certificate, DoorError

DEFAULT_LIFETIME, LONGEST = 60.0, 30.0
REFUSED = frozenset({400, 401, 403})


def key_of(settings: OAuth2, secret: str, context: Context) -> tuple[str, ...]:
    """What makes a token another: an application never gets that of another one, nor that of a former secret."""
    fingerprint = hashlib.sha256(secret.encode()).hexdigest()
    return (context.application, settings.token_url, settings.client_id, settings.scope, fingerprint)


async def token(settings: OAuth2, secret: str, context: Context, certificate: Certificate | None) -> str:
    """A valid token. DoorError: of kind ACCESS when the service refuses us, TOKEN when it gave none for now."""

    async def fetch() -> tuple[str, float]:
        try:
            response = await context.http.request(
                "POST",
                settings.token_url,
                certificate=certificate,
                timeout=max(0.1, min(LONGEST, context.remaining)),
                **_request(settings, secret),
            )
        except DoorError as error:
            # Whatever became of this request, the application was asked nothing yet.
            raise DoorError(error.kind, error.message) from error
        return _given(Answer.read(response.status, response.headers, response.body))

    return await context.http.tokens.get(key_of(settings, secret, context), fetch)


def _request(settings: OAuth2, secret: str) -> dict[str, Any]:
    form = {"grant_type": "client_credentials"} | ({"scope": settings.scope} if settings.scope else {})
    headers = {"Accept": "application/json"}
    if settings.send_in == "body":
        return {"headers": headers, "data": {**form, "client_id": settings.client_id, "client_secret": secret}}
    # RFC 6749, 2.3.1: each is written as in a form before they are joined.
    pair = f"{quote_plus(settings.client_id)}:{quote_plus(secret)}"
    return {"headers": {**headers, "Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}, "data": form}


def _given(answer: Answer) -> tuple[str, float]:
    if answer.status in REFUSED:
        words = (
            "L’application refuse nos identifiants (demande de jeton) : vérifiez l’identifiant et le secret du client."
        )
        raise DoorError("access", words, status=answer.status)
    if not 200 <= answer.status < 300:
        words = f"L’application ne donne pas de jeton pour le moment (réponse {answer.status})."
        raise DoorError("token", words, status=answer.status, after=answer.retry_after())
    body = answer.body if isinstance(answer.body, dict) else {}
    found = body.get("access_token")
    if not isinstance(found, str) or not found.isascii() or not found.isprintable():
        raise DoorError("token", "L’application a donné une réponse inattendue à la demande de jeton.")
    try:
        lifetime = float(body.get("expires_in") or DEFAULT_LIFETIME)
    except (TypeError, ValueError):
        lifetime = DEFAULT_LIFETIME
    return found, lifetime
