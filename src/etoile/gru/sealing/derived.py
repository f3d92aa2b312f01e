"""A secret for each use of a key: what is known of one tells nothing of the others (HKDF-SHA-256, RFC 5869)."""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@lru_cache(maxsize=64)
def derived(key: str, use: bytes, length: int = 32) -> bytes:
    """So many bytes. `use` names it, and never changes."""
    return HKDF(SHA256(), length, salt=None, info=use).derive(key.encode())
