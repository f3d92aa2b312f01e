"""One sign-in: the address that a browser is sent to, then what it brings back, read and proven.

Whoever calls has that browser keep the `Attempt` (`attempts`) and takes it back with the answer, so that it serves
once, and only in the browser that asked.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import urlencode

from etoile.gru.identity import discovery, tokens, wire
from etoile.gru.identity.platforms import RANDOM_BYTES, Platform
from etoile.runtime import base64url

# A person who gives up on a page of the platform never comes back: the attempt ends by itself.
ATTEMPT_SECONDS = 15 * 60
ASKED_AMR = '{"id_token":{"amr":{"essential":true}}}'


class Declined(Exception):
    """The platform sent the person back without an identity; `error` is its word (`access_denied`, …)."""

    def __init__(self, error: str) -> None:
        self.error = error
        super().__init__(error)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What must be found again in the answer. `at`: seconds. `acrs`: the levels that are good enough. `verifier`: of
    PKCE, where the platform knows it: the code is worth nothing without it."""

    platform: str
    state: str
    nonce: str
    redirect_uri: str
    at: float
    acrs: tuple[str, ...] = ()
    verifier: str = ""

    def kept(self) -> dict[str, Any]:
        """As JSON, for a session."""
        return asdict(self)

    @classmethod
    def found(cls, kept: object) -> Self | None:
        """What `kept` gave, or None for anything else."""
        try:
            return cls(**{**kept, "acrs": tuple(kept["acrs"])}) if isinstance(kept, dict) else None
        except (KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who came: `subject` is the platform's own name for them, `claims` what the scopes opened, `amr` how they proved
    it (RFC 8176), when it was asked and told. `id_token`: to be kept for the logout alone, out of logs."""

    platform: str
    subject: str
    acr: str
    claims: dict[str, Any]
    id_token: str
    amr: tuple[str, ...] = ()


def begin(platform: Platform, redirect_uri: str, *, level: str = "") -> tuple[str, Attempt]:
    """The address to send the browser to, and what to keep. `level`: the least of those wanted (`eidas2`), by default
    the lowest that the platform gives. Raises `Unreachable`."""
    address = discovery.known(platform).addresses["authorization_endpoint"]
    state, nonce = secrets.token_urlsafe(RANDOM_BYTES), secrets.token_urlsafe(RANDOM_BYTES)
    verifier = secrets.token_urlsafe(RANDOM_BYTES) if platform.standard else ""
    attempt = Attempt(platform.slug, state, nonce, redirect_uri, time.time(), platform.from_level(level), verifier)
    asked = {
        "response_type": "code",
        "client_id": platform.client_id,
        "redirect_uri": redirect_uri,
        "scope": platform.scope,
        "state": attempt.state,
        "nonce": attempt.nonce,
    }
    if attempt.acrs:
        asked["acr_values"] = attempt.acrs[0]
    if verifier:
        digest = base64url.encoded(hashlib.sha256(verifier.encode()).digest())
        asked |= {"code_challenge": digest, "code_challenge_method": "S256"}
    if platform.asks_amr:
        asked["claims"] = ASKED_AMR
    return f"{address}?{urlencode(asked)}", attempt


def finish(platform: Platform, attempt: Attempt | None, told: Mapping[str, str]) -> Identity:
    """Who came back, from the parameters of the return. No transaction may be open.

    Raises `Declined` (given up, out of order), `Forged` (anything that does not hold), `Unreachable`.
    """
    if attempt is None or attempt.platform != platform.slug:
        raise tokens.Forged("nothing was asked")
    if not hmac.compare_digest(told.get("state", "").encode(), attempt.state.encode()):
        raise tokens.Forged("state")
    if not 0 <= time.time() - attempt.at <= ATTEMPT_SECONDS:
        raise tokens.Forged("too late")
    if told.get("iss", platform.issuer) != platform.issuer:
        raise tokens.Forged("issuer")
    if "error" in told:
        raise Declined(told["error"][:60])
    if not told.get("code"):
        raise tokens.Forged("no code")
    access_token, id_token = _exchange(platform, attempt, told["code"])
    id_token = tokens.decrypted(platform, id_token)
    proven = tokens.read_id_token(platform, id_token, nonce=attempt.nonce, access_token=access_token, acrs=attempt.acrs)
    claims = proven if platform.standard else _claims(platform, access_token)
    if claims["sub"] != proven["sub"]:
        raise tokens.Forged("another person")
    amr = _listed(proven.get("amr")) or _listed(claims.get("amr"))
    return Identity(platform.slug, proven["sub"], str(proven.get("acr", "")), claims, id_token, amr)


def _listed(amr: object) -> tuple[str, ...]:
    """FranceConnect tells it with the claims, ProConnect in the `id_token`."""
    return tuple(each[:40] for each in amr if isinstance(each, str))[:10] if isinstance(amr, list) else ()


def farewell(platform: Platform, id_token: str, after: str) -> str:
    """The address that ends the session on the platform too, then leads to `after`. Raises `Unreachable`,
    also for a directory that tells no such address."""
    address = discovery.known(platform).addresses.get("end_session_endpoint")
    if address is None:
        raise wire.Unreachable("no address for the logout")
    state = secrets.token_urlsafe(RANDOM_BYTES)
    asked = {"id_token_hint": id_token, "state": state, "post_logout_redirect_uri": after}
    return f"{address}?{urlencode(asked)}"


def _exchange(platform: Platform, attempt: Attempt, code: str) -> tuple[str, str]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": attempt.redirect_uri,
        "client_id": platform.client_id,
        "client_secret": platform.client_secret,
    }
    if attempt.verifier:
        fields["code_verifier"] = attempt.verifier
    address = discovery.known(platform).addresses["token_endpoint"]
    status, _media_type, text = wire.ask("POST", address, fields=fields)
    if status == 400:
        raise tokens.Forged("code")
    if status != 200:
        raise wire.Unreachable(f"token: status {status}")
    told = wire.read_object(text)
    access_token, id_token = told.get("access_token"), told.get("id_token")
    if not isinstance(access_token, str) or not isinstance(id_token, str):
        raise tokens.Forged("no token")
    return access_token, id_token


def _claims(platform: Platform, access_token: str) -> dict[str, Any]:
    address = discovery.known(platform).addresses["userinfo_endpoint"]
    status, media_type, text = wire.ask("GET", address, token=access_token)
    if status != 200:
        raise wire.Unreachable(f"userinfo: status {status}")
    if media_type != "application/jwt":
        raise tokens.Forged("unsigned identity")
    return tokens.read(platform, tokens.decrypted(platform, text.strip()))
