"""Tracking keys: the secret address by which a person without an account follows a case.

The table holds a hash (to find the case) and the sealed key (to print the link again in a later e-mail): a copy of the
database alone opens no case.
"""

import hashlib
import os
import secrets
import uuid
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def new_key() -> str:
    """160 random bits, in 27 characters that need no escaping in an address."""
    return secrets.token_urlsafe(20)


def fingerprint(key: str) -> bytes:
    """What is looked up. The key is random: no salt and no slow hash are needed."""
    return hashlib.sha256(key.encode()).digest()


def seal(key: str, case_id: uuid.UUID) -> bytes:
    """The key encrypted for this very case: a sealed key moved to another row does not open."""
    nonce = os.urandom(12)
    return nonce + _cipher(settings.ENCRYPTION_KEY).encrypt(nonce, key.encode(), case_id.bytes)


def unseal(sealed: bytes, case_id: uuid.UUID) -> str:
    data = bytes(sealed)
    return _cipher(settings.ENCRYPTION_KEY).decrypt(data[:12], data[12:], case_id.bytes).decode()


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"etoile tracking keys").derive(secret.encode())
    return AESGCM(derived)
