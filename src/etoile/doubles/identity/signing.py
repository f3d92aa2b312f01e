"""The keys of a platform, and what it signs."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS


class Keys:
    """A pair for each algorithm a service may have asked for; HS256 signs with the service's own secret.

    `name`: how the numbers of its keys begin.
    """

    def __init__(self, name: str = "simulated") -> None:
        self._pairs = {
            "ES256": JWK.generate(kty="EC", crv="P-256", kid=f"{name}-es256", use="sig", alg="ES256"),
            "RS256": JWK.generate(kty="RSA", size=2048, kid=f"{name}-rs256", use="sig", alg="RS256"),
        }

    def published(self) -> dict[str, Any]:
        """The JWKS: public halves alone."""
        return {"keys": [pair.export_public(as_dict=True) for pair in self._pairs.values()]}

    def sign(self, claims: Mapping[str, Any], *, algorithm: str, secret: str) -> str:
        """A compact JWS."""
        key = self._key(algorithm, secret)
        header = {"alg": algorithm, "typ": "JWT"} | ({"kid": key["kid"]} if algorithm in self._pairs else {})
        token = JWS(json.dumps(claims).encode())
        token.add_signature(key, alg=algorithm, protected=json.dumps(header))
        signed: str = token.serialize(compact=True)
        return signed

    def read(self, token: str, *, algorithm: str, secret: str) -> dict[str, Any] | None:
        """The claims of something signed here, whatever its age; None when it was not."""
        jws = JWS()
        try:
            jws.deserialize(token, key=self._key(algorithm, secret), alg=algorithm)
        except (JWException, ValueError):
            return None
        claims: dict[str, Any] = json.loads(jws.payload)
        return claims

    def _key(self, algorithm: str, secret: str) -> JWK:
        return self._pairs.get(algorithm) or JWK(kty="oct", k=base64url(secret.encode()))


def encrypted(signed: str, key: JWK) -> str:
    """A compact JWE around a JWS (RFC 7519, 5.2): `cty` says what is inside."""
    header = {"alg": "ECDH-ES" if key["kty"] == "EC" else "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT"}
    token = JWE(signed.encode(), protected=json.dumps(header), recipient=key)
    text: str = token.serialize(compact=True)
    return text


def half_hash(access_token: str) -> str:
    """`at_hash` (OpenID Connect Core 3.1.3.6): the left half of the SHA-256, in base64url."""
    return base64url(hashlib.sha256(access_token.encode()).digest()[:16])


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
