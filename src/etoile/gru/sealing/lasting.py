"""What must stay the same for ever: identifiers given out, digests that are compared, signatures. From
`GRU_IDENTIFIER_KEY`, which opens nothing that is sealed and is never changed."""

import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def secret(use: bytes, length: int = 32) -> bytes:
    """A secret of this server for one use, of so many bytes (HKDF, RFC 5869)."""
    return _derived(settings.IDENTIFIER_KEY, use, length)


def digest(use: bytes, said: bytes) -> bytes:
    """HMAC-SHA-256 of what is said, 32 bytes: whoever holds the table alone cannot try values."""
    return hmac.digest(secret(use), said, "sha256")


@lru_cache(maxsize=32)
def _derived(key: str, use: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=use).derive(key.encode())
