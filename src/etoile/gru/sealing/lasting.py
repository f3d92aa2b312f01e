"""What must stay the same for ever: identifiers given out, digests that are compared, signatures. From
`GRU_IDENTIFIER_KEY`, which opens nothing that is sealed and is never changed."""

import hmac

from django.conf import settings

from etoile.gru.sealing.derived import derived


def secret(use: bytes, length: int = 32) -> bytes:
    """A secret of this server for one use, of so many bytes."""
    return derived(settings.IDENTIFIER_KEY, use, length)


def digest(use: bytes, said: bytes) -> bytes:
    """HMAC-SHA-256 of what is said, 32 bytes: whoever holds the table alone cannot try values."""
    return hmac.digest(secret(use), said, "sha256")
