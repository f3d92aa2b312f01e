"""Tracking keys: the secret address by which a person without an account follows a case.

The table holds a hash (to find the case) and the sealed key (to print the link again in a later e-mail): a copy of the
database alone opens no case.
"""

import hashlib
import secrets
import uuid

from etoile.gru.sealing.boxes import Box

BOX = Box(b"etoile tracking keys")


def new_key() -> str:
    """160 random bits, in 27 characters that need no escaping in an address."""
    return secrets.token_urlsafe(20)


def fingerprint(key: str) -> bytes:
    """What is looked up. The key is random: no salt and no slow hash are needed."""
    return hashlib.sha256(key.encode()).digest()


def seal(key: str, case_id: uuid.UUID) -> bytes:
    """The key encrypted for this very case: a sealed key moved to another row does not open."""
    return BOX.seal(key.encode(), case_id.bytes)


def unseal(sealed: bytes, case_id: uuid.UUID) -> str:
    """The inverse of `seal`. Raises `SealError`."""
    return BOX.unseal(sealed, case_id.bytes).decode()
