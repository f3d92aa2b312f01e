"""Identifiers of persons, one per application: two applications share no key to cross their files on.

The hub keeps one identifier per person and source, `<source>:<what the source says>`. Each application sees its own
*alias* of it: AES-SIV under the application's key (RFC 5297), the same each time, that the hub alone can open. An
application that speaks of its own persons is given back its own words.
"""

import base64
import secrets
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from etoile.runtime import base64url

PREFIX = "pa_"
KEY_BYTES = 64


class ForeignIdentifierError(ValueError):
    """An alias that was not made for this application."""


class Holder(Protocol):
    """What is needed of an application here: `registry.models.Application` and `ApplicationView` both have it."""

    @property
    def slug(self) -> str: ...
    @property
    def pairwise_key(self) -> str: ...


def new_key() -> str:
    """A key for one application. It is never changed: the aliases given out would lose their meaning."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def alias(application: Holder, identifier: str) -> str:
    """What `application` sees of a person the hub knows by `identifier`."""
    own = f"{application.slug}:"
    if identifier.startswith(own):
        return identifier.removeprefix(own)
    sealed = _cipher(application).encrypt(identifier.encode(), [application.slug.encode()])
    return PREFIX + base64url.encoded(sealed)


def original(application: Holder, value: str) -> str:
    """What the hub calls the person that `application` calls `value`. Raises ForeignIdentifierError."""
    if not value.startswith(PREFIX):
        return f"{application.slug}:{value}"
    body = value.removeprefix(PREFIX)
    try:
        sealed = base64url.decoded(body)
        return _cipher(application).decrypt(sealed, [application.slug.encode()]).decode()
    except (InvalidTag, ValueError) as error:
        raise ForeignIdentifierError("this identifier of a person was not given to this application") from error


def _cipher(application: Holder) -> AESSIV:
    return _opened(application.pairwise_key)


@lru_cache(maxsize=512)
def _opened(key: str) -> AESSIV:
    return AESSIV(base64.b64decode(key))
