"""One-time codes of six digits that change every thirty seconds (RFC 6238 on RFC 4226, SHA-1: what every application
of codes reads)."""

import base64
import binascii
import hmac
import struct
from urllib.parse import quote, urlencode

STEP = 30
DIGITS = 6
# One step before and after: RFC 6238 §5.2, for a clock that is late and a person who types slowly.
DRIFT = (0, -1, 1)


def code_at(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of a step: the number of thirty seconds since 1970. Raises ValueError when `secret` is not base32."""
    try:
        key = base64.b32decode(secret)
    except binascii.Error as error:
        raise ValueError("the secret of a second factor is base32") from error
    digest = hmac.digest(key, struct.pack(">Q", step), "sha1")
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(now: float) -> int:
    """The step of a moment, in seconds since 1970."""
    return int(now) // STEP


def matching_step(secret: str, code: str, now: float) -> int | None:
    """The step whose code this is, at this moment or next to it; None when the code is wrong."""
    given = "".join(code.split())
    if len(given) != DIGITS or not (given.isascii() and given.isdecimal()):
        return None
    near = [step_of(now) + drift for drift in DRIFT]
    return next((step for step in near if hmac.compare_digest(code_at(secret, step), given)), None)


def address(secret: str, *, account: str, issuer: str) -> str:
    """What the picture to scan says (Key URI Format of the applications of codes)."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"
