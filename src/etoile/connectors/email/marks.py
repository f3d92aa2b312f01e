"""The mark of a message: which delivery it is, signed, so that a reply is known and none can be forged.

39 letters and figures that survive being folded to lower case: 16 bytes that name the delivery, 8 of HMAC-SHA256. It is
in the address to reply to, in the Message-ID (which replies and bounces repeat) and in the subject.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

NAME, SEAL = 16, 8
MARK = re.compile(r"(?<![a-z0-9])[a-z2-7]{39}(?![a-z0-9])", re.IGNORECASE)
SHORTEST_KEY = 16
PURPOSE = b"etoile email reply 1\0"


def name_of(idempotency_key: str) -> bytes:
    """What names a delivery in its mark: the same at each try, without the key itself in it."""
    return hashlib.sha256(idempotency_key.encode()).digest()[:NAME]


def make(key: str, name: bytes) -> str:
    return base64.b32encode(name + _seal(key, name)).decode().rstrip("=").lower()


def find(keys: Sequence[str], texts: Iterable[str]) -> bytes | None:
    """The name in the first mark that one of our keys sealed."""
    for text in texts:
        for found in MARK.findall(text):
            content = base64.b32decode(found.upper() + "=")
            name, seal = content[:NAME], content[NAME:]
            if any(hmac.compare_digest(seal, _seal(key, name)) for key in keys):
                return name
    return None


def opened(mark: str) -> bytes:
    """What a mark names, whoever sealed it."""
    return base64.b32decode(mark.upper() + "=")[:NAME]


def _seal(key: str, name: bytes) -> bytes:
    return hmac.digest(key.encode(), PURPOSE + name, "sha256")[:SEAL]
