"""Reading what a platform signed: nothing is believed before the signature, by the one algorithm agreed, is checked."""

import hashlib
import hmac
import json
import math
import time
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from etoile.gru.identity import discovery
from etoile.gru.identity.platforms import Platform
from etoile.runtime import base64url

# Between the clock of the platform and ours, in seconds.
SKEW = 30
# An id_token lives a minute: one made long before was kept by somebody.
OLDEST = 300
# Entra ID sets `iat` five minutes back; the nonce, which serves once, is what holds a replay there.
OLDEST_OF_STANDARD = 900
LONGEST = 64 * 1024
# FranceConnect+: the ways it wraps the key, and the one by which it encrypts.
ENCRYPTIONS = ("ECDH-ES", "RSA-OAEP", "RSA-OAEP-256", "A256GCM")


class Forged(Exception):
    """What was answered is not what it should be; `why` is one word or two, in English, for the log."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def read(platform: Platform, token: str) -> dict[str, Any]:
    """The claims of a signed answer made by this platform for us. Raises `Forged`, or `Unreachable` (its keys)."""
    if len(token) > LONGEST or token.count(".") != 2:
        raise Forged("not a signed answer")
    try:
        jws = JWS()
        jws.allowed_algs = [platform.algorithm]
        jws.deserialize(token)
        header = jws.jose_header
        if header.get("alg") != platform.algorithm:
            raise Forged("another algorithm")
        jws.verify(_key(platform, header), alg=platform.algorithm)
        claims = json.loads(jws.payload)
    except (JWException, ValueError, RecursionError) as error:
        raise Forged("signature") from error
    if not isinstance(claims, dict):
        raise Forged("claims")
    if claims.get("iss") != platform.issuer:
        raise Forged("issuer")
    if claims.get("aud") not in (platform.client_id, [platform.client_id]):
        raise Forged("audience")
    if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:
        raise Forged("subject")
    return claims


def decrypted(platform: Platform, token: str) -> str:
    """The signed answer inside one that was encrypted for us (FranceConnect+: JWE around a JWS), or the signed answer
    itself where nothing is encrypted. Raises `Forged`."""
    if not platform.private_key:
        return token
    if len(token) > LONGEST or token.count(".") != 4:
        raise Forged("not encrypted")
    try:
        jwe = JWE(algs=list(ENCRYPTIONS))
        jwe.deserialize(token, key=JWK.from_pem(platform.private_key.encode()))
        return bytes(jwe.payload).decode()
    except (JWException, ValueError) as error:
        raise Forged("encryption") from error


def read_id_token(
    platform: Platform, token: str, *, nonce: str, access_token: str, acrs: tuple[str, ...]
) -> dict[str, Any]:
    """The claims of an id_token, made now, for this attempt and at one of these levels. Raises `Forged`,
    `Unreachable`."""
    claims, now = read(platform, token), time.time()
    if now - SKEW >= _moment(claims, "exp"):
        raise Forged("expired")
    oldest = OLDEST_OF_STANDARD if platform.standard else OLDEST
    if not now - oldest <= _moment(claims, "iat") <= now + SKEW:
        raise Forged("date")
    if not _same(claims.get("nonce"), nonce):
        raise Forged("nonce")
    if claims.get("azp", platform.client_id) != platform.client_id:
        raise Forged("authorised party")
    if platform.acrs and claims.get("acr") not in acrs:
        raise Forged("level")
    if platform.standard and "at_hash" not in claims:  # OpenID Connect Core 3.1.3.6: may be left out with a code
        return claims
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    if not _same(claims.get("at_hash"), base64url.encoded(half)):
        raise Forged("access token")
    return claims


def _key(platform: Platform, header: dict[str, Any]) -> JWK:
    if platform.algorithm == "HS256":
        secret = base64url.encoded(platform.client_secret.encode())
        return JWK(kty="oct", k=secret)
    found = discovery.key(platform, header.get("kid"))
    if found is None:
        raise Forged("unknown key")
    return found


def _moment(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Forged(name)
    return float(value)


def _same(told: Any, expected: str) -> bool:
    return isinstance(told, str) and hmac.compare_digest(told.encode(), expected.encode())
