"""Sealing under `GRU_ENCRYPTION_KEY`, which may be several keys: the first one seals, all of them open.

AES-256-GCM with a random nonce of 96 bits (NIST SP 800-38D §8.2.2), under a key derived for each use (HKDF, RFC 5869)
and bound to the row that holds the value: moved to another row, or to another use, it does not open. A value says
nothing of its key: it is the one that opens it.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from etoile.gru.sealing.derived import derived

NONCE = 12


class SealError(ValueError):
    """No key of this server opens it, or it was sealed for another use or another row."""


@dataclass(frozen=True, slots=True)
class Box:
    """One use of the keys, by its name, which never changes."""

    use: bytes

    def seal(self, clear: bytes, bound: bytes) -> bytes:
        """Nonce, then what is sealed. `bound` names what holds it: the same opens it."""
        nonce = os.urandom(NONCE)
        return nonce + _cipher(settings.ENCRYPTION_KEYS[0], self.use).encrypt(nonce, clear, bound)

    def unseal(self, sealed: bytes, bound: bytes) -> bytes:
        """The inverse of `seal`. Raises `SealError`."""
        return self._opened(sealed, bound, settings.ENCRYPTION_KEYS)

    def renewed(self, sealed: bytes, bound: bytes) -> bytes | None:
        """The same value under the first key; None when it already is. Raises `SealError`."""
        first, *others = settings.ENCRYPTION_KEYS
        try:
            self._opened(sealed, bound, [first])
        except SealError:
            return self.seal(self._opened(sealed, bound, others), bound)
        return None

    def _opened(self, sealed: bytes, bound: bytes, keys: Sequence[str]) -> bytes:
        raw = bytes(sealed)
        for key in keys:
            try:
                return _cipher(key, self.use).decrypt(raw[:NONCE], raw[NONCE:], bound)
            except (InvalidTag, ValueError):
                continue
        raise SealError("no key of GRU_ENCRYPTION_KEY opens this value")


@lru_cache(maxsize=64)
def _cipher(key: str, use: bytes) -> AESGCM:
    return AESGCM(derived(key, use))
