"""Signatures of what is sent, made with a secret that the application shares."""

import base64
import hashlib
import hmac
import time
from collections.abc import Sequence

from etoile.contract.signature import SignatureError, sign
from etoile.sdk.access.settings import Hmac
from etoile.sdk.door import DoorError


def hmac_of(settings: Hmac, key: str, body: bytes, now: float | None = None) -> dict[str, str]:
    """The headers that prove `body`, the bytes that are sent (empty for a request without one).

    The signature is HMAC(algorithm, key, message): the key is the secret's text in UTF-8, and the message is the body,
    or, with `timestamp_header`, the seconds since 1970 in decimal, a full stop, and the body. It is written in lower
    case hexadecimal or in base64 with its padding, after `prefix`.
    """
    moment = str(int(time.time() if now is None else now))
    message = f"{moment}.".encode() + body if settings.timestamp_header else body
    proof = hmac.new(key.encode(), message, getattr(hashlib, settings.algorithm)).digest()
    text = proof.hex() if settings.encoding == "hex" else base64.b64encode(proof).decode()
    stamped = {settings.timestamp_header: moment} if settings.timestamp_header else {}
    return {**stamped, settings.header: settings.prefix + text}


def standard_webhooks(secrets: Sequence[str], identifier: str, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks. DoorError when a secret is none. An identifier with a full stop, which they do
    not take, gives its digest: the same at each try."""
    if "." in identifier:
        identifier = hashlib.sha256(identifier.encode()).hexdigest()[:32]
    try:
        return sign(secrets, id=identifier, body=body)
    except SignatureError:
        words = "Un secret de signature n’en est pas un : il commence par « whsec_ »."
        raise DoorError("access", words) from None
