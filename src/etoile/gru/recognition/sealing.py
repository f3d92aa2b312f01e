"""The id_token of a session, kept for the logout on the platform: sealed, since it names somebody."""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from etoile.gru.accounts.models import PersonAccount


def sealed(id_token: str, account: PersonAccount) -> bytes:
    """Readable with the key of this server, for this account."""
    nonce = os.urandom(12)
    return nonce + _cipher(settings.ENCRYPTION_KEY).encrypt(nonce, id_token.encode(), account.pk.bytes)


def opened(kept: bytes, account: PersonAccount) -> str:
    """The inverse of `sealed`. Raises ValueError."""
    raw = bytes(kept)
    try:
        return _cipher(settings.ENCRYPTION_KEY).decrypt(raw[:12], raw[12:], account.pk.bytes).decode()
    except InvalidTag as error:
        raise ValueError("an id_token that this server did not seal for this account") from error


@lru_cache(maxsize=2)
def _cipher(key: str) -> AESGCM:
    return AESGCM(derived(key, b"id tokens"))


@lru_cache(maxsize=4)
def derived(key: str, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"etoile gru " + use).derive(key.encode())
