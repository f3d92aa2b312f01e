"""Who calls: one statement turns a bearer token into an application and its scopes."""

import hashlib
from dataclasses import dataclass
from typing import Any

from etoile.hub.intake.problems import RefusedError, refused

LOOK_UP = """
SELECT t.expires > now(), t.scope, c.client_id, a.slug,
       a.is_active AND (c.expires_at IS NULL OR c.expires_at > now()),
       (SELECT version FROM registry_version)
FROM oauth2_provider_accesstoken t
JOIN registry_credential c ON c.id = t.application_id
JOIN registry_application a ON a.id = c.application_id
WHERE t.token_checksum = %s
"""
LONGEST_TOKEN = 512


@dataclass(frozen=True, slots=True)
class Caller:
    """An application that proved who it is. `registry_version` is the one in force when it did."""

    application: str
    credential: str
    scopes: frozenset[str]
    registry_version: int

    def needs(self, scope: str) -> None:
        """Raises RefusedError (403) unless the token was given this scope."""
        if scope not in self.scopes:
            raise refused(
                403,
                "insufficient-scope",
                "The token does not allow this.",
                f"The scope {scope} is needed.",
                headers={"WWW-Authenticate": f'Bearer realm="etoile", error="insufficient_scope", scope="{scope}"'},
            )


def identify(cursor: Any, authorization: str | None) -> Caller:
    """The caller named by an `Authorization` header. Raises RefusedError (401)."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _unauthorized("A token is needed.", "Ask for one at /oauth/token and send it as: Authorization: Bearer …")
    if len(token) > LONGEST_TOKEN:
        raise _unauthorized("The token is not known.", error="invalid_token")
    cursor.execute(LOOK_UP, [hashlib.sha256(token.strip().encode()).hexdigest()])
    row = cursor.fetchone()
    if row is None:
        raise _unauthorized("The token is not known.", error="invalid_token")
    alive, scope, credential, application, usable, version = row
    if not alive:
        raise _unauthorized("The token has expired.", "Ask for a new one at /oauth/token.", error="invalid_token")
    if not usable:
        raise _unauthorized("The credential of this token has been withdrawn or has expired.", error="invalid_token")
    return Caller(application, credential, frozenset(scope.split()), version)


def _unauthorized(title: str, detail: str = "", *, error: str = "") -> RefusedError:
    challenge = 'Bearer realm="etoile"' + (f', error="{error}", error_description="{title}"' if error else "")
    return refused(401, "unauthorized", title, detail, headers={"WWW-Authenticate": challenge})
