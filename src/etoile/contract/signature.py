"""Proofs that travel: signed messages (Standard Webhooks 1.0.0, symmetric) and signed, short-lived addresses."""

import base64
import binascii
import hashlib
import hmac
import secrets as random
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

SECRET_PREFIX = "whsec_"  # noqa: S105 - the prefix of the format, not a secret
_SECRET_SIZES = range(24, 65)


class SignatureError(Exception):
    """The proof is absent, too old, or false. The text is safe to show: it never holds the expected value."""


def new_secret() -> str:
    """A secret for signing: `whsec_` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(random.token_bytes(32)).decode()


def sign(secrets: Sequence[str] | str, *, id: str, body: bytes, now: datetime | float | None = None) -> dict[str, str]:
    """The three headers `webhook-id`, `webhook-timestamp`, `webhook-signature`.

    `id` is the same at each try of the same message; `now` is seconds since 1970 or an aware datetime. Several
    secrets give several signatures, so that a key can be changed without a cut.
    """
    if not id or "." in id:
        raise SignatureError("The identifier of a signed message is a text without a full stop.")
    keys = _keys(secrets)
    timestamp = str(int(_seconds(now)))
    proofs = " ".join(f"v1,{_proof(key, id, timestamp, body)}" for key in keys)
    return {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": proofs}


def verify(
    secrets: Sequence[str] | str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime | float | None = None,
    tolerance: int = 300,
) -> str:
    """Checks a received message and gives its `webhook-id`; SignatureError otherwise.

    Header names in any case; `body` is the raw body, before any parsing; `tolerance` in seconds, both ways.
    """
    keys = _keys(secrets)
    identifier, timestamp, proofs = _headers(headers)
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise SignatureError("The header webhook-timestamp is not a number of seconds since 1970.")
    if abs(_seconds(now) - int(timestamp)) > tolerance:
        raise SignatureError(f"The message was signed more than {tolerance} s away from this server's clock.")
    expected = [_proof(key, identifier, timestamp, body).encode() for key in keys]
    for proof in proofs.split(" "):
        version, _, value = proof.partition(",")
        if version == "v1" and any(hmac.compare_digest(value.encode(), each) for each in expected):
            return identifier
    raise SignatureError("No signature of the message matches a secret known here.")


def is_under(url: str, base: str) -> bool:
    """Whether an address is below `base`: same scheme, host and port, a longer path, and no way up in it. What
    cannot be read as an address is under nothing."""
    try:
        asked, ours = urlsplit(url), urlsplit(base)
    except ValueError:
        return False
    return (
        (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)
        and asked.path.startswith(ours.path.rstrip("/") + "/")
        and ".." not in asked.path.split("/")
    )


def sign_address(url: str, secret: str, *, expires_at: int) -> str:
    """The address with `expires` (seconds since 1970) and `signature` (hexadecimal) added to its query.

    HMAC-SHA256, keyed with the UTF-8 bytes of `secret`, over the path, a line feed and `expires`. Neither the host nor
    other query parameters are covered: the same document answers behind another name, and nothing else may be asked.
    """
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in ("expires", "signature")]
    query += [("expires", str(expires_at)), ("signature", _address_proof(secret, parts.path, str(expires_at)))]
    return urlunsplit(parts._replace(query=urlencode(query)))


def verify_address(url_or_path: str, secret: str, *, now: float | None = None) -> None:
    """Passes when the address was signed with `secret` and has not expired; SignatureError otherwise."""
    parts = urlsplit(url_or_path)
    values: dict[str, str] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name in values:
            raise SignatureError("The address repeats a parameter.")
        values[name] = value
    expires, proof = values.get("expires", ""), values.get("signature", "")
    if not expires.isascii() or not expires.isdigit() or len(expires) > 12 or not proof:
        raise SignatureError("The address is not signed.")
    if not hmac.compare_digest(proof.encode(), _address_proof(secret, parts.path, expires).encode()):
        raise SignatureError("The signature of the address is false.")
    if _seconds(now) >= int(expires):
        raise SignatureError("The address has expired.")


def _proof(key: bytes, identifier: str, timestamp: str, body: bytes) -> str:
    signed = f"{identifier}.{timestamp}.".encode() + body
    # Not hmac.digest: it lets go of the interpreter lock each time, and a busy process waits for its other threads.
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _address_proof(secret: str, path: str, expires: str) -> str:
    if not secret:
        raise SignatureError("There is no secret to sign addresses with.")
    return hmac.digest(secret.encode(), f"{path}\n{expires}".encode(), hashlib.sha256).hex()


def _keys(secrets: Sequence[str] | str) -> list[bytes]:
    listed = [secrets] if isinstance(secrets, str) else list(secrets)
    if not listed:
        raise SignatureError("There is no secret to sign or verify with.")
    return [_key(each) for each in listed]


def _key(secret: str) -> bytes:
    try:
        text = secret.removeprefix(SECRET_PREFIX)
        # Some senders leave the padding out, and so does the reference library.
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) not in _SECRET_SIZES:
        raise SignatureError("A signing secret is whsec_ followed by 24 to 64 bytes in base64.")
    return key


def _headers(headers: Mapping[str, str]) -> tuple[str, str, str]:
    known = {name.lower(): value for name, value in headers.items()}
    values = [known.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")]
    if not all(values):
        raise SignatureError("The headers webhook-id, webhook-timestamp and webhook-signature are all needed.")
    return values[0], values[1], values[2]


def _seconds(now: datetime | float | None) -> float:
    if now is None:
        return time.time()
    if isinstance(now, datetime):
        if now.tzinfo is None:
            raise ValueError("an aware datetime is needed")
        return now.timestamp()
    return now
