"""Bytes as text that goes in an address: base64url without its padding (RFC 4648, 5 and 3.2), as JOSE writes it."""

import base64


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Raises ValueError for a text that `encoded` would not have written, whatever the sign that does not belong."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
