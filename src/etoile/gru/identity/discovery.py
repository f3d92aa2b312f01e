"""Where a platform's addresses and keys are, read from itself and kept for ten minutes."""

import threading
import time
from dataclasses import dataclass
from typing import Any

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK, JWKSet

from etoile.gru.identity import wire
from etoile.gru.identity.platforms import Platform

KEPT_SECONDS = 600
# A key nobody knows makes the keys be read again, not more often than this.
AGAIN_SECONDS = 10
# What a directory need not publish: its claims are read in the id_token, and not every one can be left.
SPARED = {"userinfo_endpoint", "end_session_endpoint"}
ADDRESSES = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Known:
    addresses: dict[str, str]
    keys: JWKSet
    read_at: float


_known: dict[str, Known] = {}
_lock = threading.Lock()


def known(platform: Platform, *, newer: bool = False) -> Known:
    """Its addresses and keys. `newer`: read again, if they were not just read. Raises `Unreachable`."""
    with _lock:
        found = _known.get(platform.issuer)
    kept = AGAIN_SECONDS if newer else KEPT_SECONDS
    if found is not None and time.monotonic() - found.read_at < kept:
        return found
    read = _read(platform)
    with _lock:
        _known[platform.issuer] = read
    return read


def key(platform: Platform, kid: Any) -> JWK | None:
    """The public key of that number, for signatures; None when the platform publishes none."""
    return known(platform).keys.get_key(kid) or known(platform, newer=True).keys.get_key(kid)


def _read(platform: Platform) -> Known:
    told = _get(f"{platform.issuer}/.well-known/openid-configuration")
    if told.get("issuer") != platform.issuer:
        raise wire.Unreachable("the configuration of another issuer")
    addresses = {name: told[name] for name in ADDRESSES if isinstance(told.get(name), str)}
    if set(ADDRESSES) - set(addresses) - (SPARED if platform.standard else set()):
        raise wire.Unreachable("a configuration without all its addresses")
    for name in ("authorization_endpoint", "end_session_endpoint"):
        # The browser is sent there from a form of ours, whose policy names the platform alone.
        if name in addresses and not addresses[name].startswith(f"{platform.origin}/"):
            raise wire.Unreachable(f"{name} elsewhere than the issuer")
    keys, published = JWKSet(), _get(addresses["jwks_uri"]).get("keys")
    for each in published if isinstance(published, list) else ():
        # One key of a kind unknown here must not hide the others.
        try:
            keys.add(JWK(**each))
        except (JWException, TypeError, ValueError):
            continue
    return Known(addresses, keys, time.monotonic())


def _get(address: str) -> dict[str, Any]:
    status, _media_type, text = wire.ask("GET", address)
    if status != 200:
        raise wire.Unreachable(f"status {status}")
    return wire.read_object(text)
