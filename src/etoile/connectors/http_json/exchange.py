"""One exchange with the application: the address, the authentication, the door."""

import base64
import hashlib
import time
from typing import Any

from etoile.connectors.http_json.configuration import ApiKey, Basic, Bearer, Configuration, OAuth2
from etoile.sdk import Context, Outcome
from etoile.sdk.answers import Answer, by_status

TOKEN_MARGIN_SECONDS = 30.0


class Stopped(Exception):
    """The exchange ends here, with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


class Tokens:
    """OAuth 2 tokens kept in memory until shortly before they expire, one per client."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], tuple[str, float]] = {}

    def forget(self, settings: OAuth2, context: Context) -> None:
        self._kept.pop(self._key(settings, context), None)

    async def get(self, settings: OAuth2, context: Context) -> str:
        """A valid token. Raises Stopped with the outcome when the application gives none, DoorError."""
        key = self._key(settings, context)
        token, until = self._kept.get(key, ("", 0.0))
        if token and time.monotonic() < until:
            return token
        form = {"grant_type": "client_credentials"} | ({"scope": settings.scope} if settings.scope else {})
        credentials = f"{settings.client_id}:{secret(context, settings.secret)}"
        response = await context.http.request(
            "POST",
            settings.token_url,
            headers={"Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()},
            data=form,
            timeout=time_left(context),
        )
        answer = Answer.read(response.status, response.headers, response.body)
        if answer.status in (400, 401, 403):
            raise Stopped(Outcome.fix_configuration("L’application refuse nos identifiants (demande de jeton)."))
        if refusal := by_status(answer):
            raise Stopped(refusal)
        if not isinstance(answer.body, dict) or not isinstance(answer.body.get("access_token"), str):
            raise Stopped(Outcome.retry("L’application a donné une réponse inattendue à la demande de jeton."))
        lifetime = float(answer.body.get("expires_in") or 60)
        token = str(answer.body["access_token"])
        self._kept[key] = (token, time.monotonic() + max(0.0, lifetime - TOKEN_MARGIN_SECONDS))
        return token

    def _key(self, settings: OAuth2, context: Context) -> tuple[str, ...]:
        fingerprint = hashlib.sha256(secret(context, settings.secret).encode()).hexdigest()
        return (settings.token_url, settings.client_id, settings.scope, fingerprint)


def secret(context: Context, name: str) -> str:
    """A secret of the subscription. Raises Stopped: a missing one is for a human, not for a retry."""
    try:
        return context.secrets[name]
    except KeyError:
        raise Stopped(Outcome.fix_configuration(f"Le secret « {name} » de cet abonnement manque.")) from None


def time_left(context: Context) -> float:
    """Seconds this request may take: the setting, or what is left of the whole delivery."""
    configuration: Configuration = context.configuration
    return max(0.1, min(configuration.timeout, context.remaining))


async def call(
    tokens: Tokens, context: Context, method: str, path: str, *, headers: dict[str, str] | None = None, **body: Any
) -> Answer:
    """One request and its answer, whatever the status. A token refused is asked for again, once.

    `body`: `json`, or `multipart` as a callable that makes the parts: a stream is read once, and a try may come again.
    Raises DoorError when no answer came, Stopped when it cannot be sent.
    """
    configuration: Configuration = context.configuration
    settings = configuration.authentication
    for last in (False, True):
        sent = {name: value() if callable(value) else value for name, value in body.items()}
        response = await context.http.request(
            method,
            configuration.base_url + path,
            headers={
                "Accept": "application/json",
                **configuration.headers,
                **await _credentials(tokens, context),
                **(headers or {}),
            },
            timeout=time_left(context),
            **sent,
        )
        if response.status == 401 and isinstance(settings, OAuth2) and not last:
            tokens.forget(settings, context)
            continue
        break
    return Answer.read(response.status, response.headers, response.body)


async def _credentials(tokens: Tokens, context: Context) -> dict[str, str]:
    configuration: Configuration = context.configuration
    match configuration.authentication:
        case ApiKey() as settings:
            return {settings.header: secret(context, settings.secret)}
        case Basic() as settings:
            pair = f"{settings.username}:{secret(context, settings.secret)}"
            return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        case Bearer() as settings:
            return {"Authorization": "Bearer " + secret(context, settings.secret)}
        case OAuth2() as settings:
            return {"Authorization": "Bearer " + await tokens.get(settings, context)}
    return {}
