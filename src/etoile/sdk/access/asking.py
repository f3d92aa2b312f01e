"""A request to an application with what proves who we are."""

import base64
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from etoile.sdk.access import oauth2, signatures
from etoile.sdk.access.settings import (
    Access,
    ApiKey,
    Basic,
    Bearer,
    Hmac,
    OAuth2,
    StandardWebhooks,
    certificate_of,
    secrets_of,
)
from etoile.sdk.connector import Check
from etoile.sdk.context import Context
from etoile.sdk.door import Certificate, Data, DoorError, Part, Response
from etoile.sdk.door.bodies import written
from etoile.sdk.door.certificates import day

# The page of nginx (its codes 495 and 496) when the certificate is its business: a 400 would blame the request.
WITHOUT_CERTIFICATE = (b"No required SSL certificate was sent", b"The SSL certificate error")
MadeData = Data | Callable[[], Data]
MadeParts = Sequence[Part] | Callable[[], Sequence[Part]]


@dataclass(frozen=True, slots=True)
class Proof:
    """What goes with one request. `token`: the OAuth 2 token in it, which may turn out to be refused."""

    headers: Mapping[str, str]
    parameters: Mapping[str, str]
    certificate: Certificate | None
    token: str = ""

    def at(self, url: str) -> str:
        if not self.parameters:
            return url
        return f"{url}{'&' if '?' in url else '?'}{urlencode(self.parameters, quote_via=quote)}"


async def request(
    context: Context,
    access: Access | None,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    data: MadeData | None = None,
    multipart: MadeParts | None = None,
    timeout: float = 30,
    max_bytes: int = 2**20,
) -> Response:
    """As `context.http.request`, and with the access; an OAuth 2 token that is refused is asked for again, once.

    `data` and `multipart` may be callables that make them: a stream is read once, and a request may leave twice.
    `timeout` is shortened to what is left of the delivery. DoorError, of kind ACCESS when something of ours is missing.
    """
    for last in (False, True):
        body = _fresh(json, data, multipart)
        proof = await prove(context, access, body)
        response = await context.http.request(
            method,
            proof.at(url),
            headers={**(headers or {}), **proof.headers},
            json=body.json,
            data=body.data,
            multipart=body.multipart,
            certificate=proof.certificate,
            timeout=max(0.1, min(timeout, context.remaining)),
            max_bytes=max_bytes,
        )
        if last or response.status != 401 or not forget(context, access, proof):
            break
    if response.status == 400 and any(each in response.body for each in WITHOUT_CERTIFICATE):
        words = "L’application demande un certificat client, ou n’accepte pas le nôtre : vérifiez avec son éditeur."
        raise DoorError("access", words, status=response.status)
    return response


async def stream(
    context: Context,
    access: Access | None,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    timeout: float = 60,
    max_bytes: int = 50 * 2**20,
) -> AsyncGenerator[bytes, None]:
    """As `context.http.stream`, and with the access."""
    for last in (False, True):
        proof = await prove(context, access, Body())
        sent = {**(headers or {}), **proof.headers}
        limit = max(0.1, min(timeout, context.remaining))
        source = context.http.stream(
            method, proof.at(url), headers=sent, certificate=proof.certificate, timeout=limit, max_bytes=max_bytes
        )
        try:
            async with aclosing(source) as blocks:
                async for block in blocks:
                    yield block
            return
        except DoorError as error:
            # Refused before any block was given.
            if last or error.status != 401 or not forget(context, access, proof):
                raise


@dataclass(frozen=True, slots=True)
class Body:
    """What one request carries; at most one of the three."""

    json: Any = None
    data: Data | None = None
    multipart: Sequence[Part] | None = None

    def signed(self) -> bytes:
        """The bytes to sign. DoorError when they are not known beforehand."""
        if self.json is not None:
            return written(self.json)
        if self.multipart is None and isinstance(self.data, bytes | str | None):
            return self.data.encode() if isinstance(self.data, str) else self.data or b""
        words = "Une signature demande un corps connu d’avance : cet accès ne peut pas servir à envoyer des pièces."
        raise DoorError("access", words)


async def prove(context: Context, access: Access | None, body: Body | None = None) -> Proof:
    """What proves who we are, for one request with this body. DoorError when a secret is missing or cannot serve."""
    certificate = _certificate(context, access)
    headers: dict[str, str] = {}
    match access:
        case ApiKey():
            value = secret(context, access.secret)
            if access.parameter:
                return Proof({}, {access.parameter: value}, certificate)
            headers = {access.header: value}
        case Basic():
            pair = f"{access.username}:{secret(context, access.secret)}"
            headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        case Bearer():
            headers = {"Authorization": "Bearer " + secret(context, access.secret)}
        case Hmac():
            headers = signatures.hmac_of(access, secret(context, access.secret), (body or Body()).signed())
        case StandardWebhooks():
            known = [secret(context, name) for name in access.secrets]
            headers = signatures.standard_webhooks(known, context.idempotency_key, (body or Body()).signed())
        case OAuth2():
            token = await oauth2.token(access, secret(context, access.secret), context, certificate)
            return Proof({"Authorization": f"Bearer {token}"}, {}, certificate, token)
    return Proof(headers, {}, certificate)


def forget(context: Context, access: Access | None, proof: Proof) -> bool:
    """The application refused this proof: whether another try may have a better one."""
    if not isinstance(access, OAuth2):
        return False
    context.http.tokens.forget(oauth2.key_of(access, secret(context, access.secret), context), proof.token)
    return True


def secret(context: Context, name: str) -> str:
    """A secret of the subscription. DoorError when it is missing, which says where to put it."""
    found = context.secrets.get(name)
    if not found:
        raise DoorError("access", missing(context, name))
    return found


def missing(context: Context, name: str) -> str:
    """Which secret is missing, and where it goes: the settings are a subscription's, or a provider's of a lookup."""
    if context.provider:
        return (
            f"Le secret « {name} » du fournisseur « {context.subscription} » manque : donnez-le dans le fichier"
            f" d’étoile, sous « secrets » de ce fournisseur, puis rechargez-le."
        )
    return (
        f"Le secret « {name} » de l’abonnement « {context.subscription} » manque : donnez-le dans la console, page de"
        f" cet abonnement, partie « Secrets », ou dans le fichier d’étoile, sous « secrets »."
    )


def checks(context: Context, access: Access | None) -> list[Check]:
    """What can be said of the access without asking anybody: its secrets, and until when its certificate is good."""
    absent = [name for name in secrets_of(access) if not context.secrets.get(name)]
    if absent:
        return [Check("secrets", False, missing(context, each)) for each in absent]
    try:
        certificate = _certificate(context, access)
        if certificate is None:
            return []
        shown = context.http.shown(certificate)
        shown.verify(datetime.now(UTC))
    except DoorError as error:
        return [Check("certificate", False, error.message)]
    return [Check("certificate", True, f"Notre certificat client est valable jusqu’au {day(shown.ends)}.")]


def failed(error: DoorError, message: str) -> Check:
    """The line of a check for what the door said: our access, or the way there."""
    return Check("credentials" if error.kind in ("access", "token") else "reachability", False, message)


def _certificate(context: Context, access: Access | None) -> Certificate | None:
    settings = certificate_of(access)
    if settings is None:
        return None
    passphrase = secret(context, settings.passphrase) if settings.passphrase else None
    chain, key = secret(context, settings.certificate), secret(context, settings.key)
    return Certificate(chain, key, passphrase, context.application)


def _fresh(json: Any, data: MadeData | None, multipart: MadeParts | None) -> Body:
    return Body(json, data() if callable(data) else data, multipart() if callable(multipart) else multipart)
