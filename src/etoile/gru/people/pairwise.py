"""One identifier of a person per sector: two sectors hold no common key on which to cross their files (RU-030, CNIL).

AES-SIV: deterministic (the same person has the same identifier tomorrow), reversible here only, bound to the sector.
"""

import uuid
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from etoile.gru.access.models import Authority
from etoile.gru.people.queries import standing
from etoile.gru.sealing import lasting
from etoile.runtime import base64url


class UnknownIdentifier(ValueError):
    """Not an identifier made for this sector by this server."""


def identifier(person: uuid.UUID, authority: int, sector: str) -> str:
    """43 characters, safe in an address. `sector` is the slug of a sector of the person's authority."""
    sealed = _cipher().encrypt(person.bytes, _bound_to(authority, sector))
    return base64url.encoded(sealed)


def person_id(text: str, authority: Authority, sector: str) -> uuid.UUID:
    """The person behind an identifier of this sector; had it been merged since, the one it is now. Raises
    `UnknownIdentifier`."""
    try:
        sealed = base64url.decoded(text)
        named = uuid.UUID(bytes=_cipher().decrypt(sealed, _bound_to(authority.pk, sector)))
    except (InvalidTag, ValueError) as error:
        raise UnknownIdentifier("identifiant inconnu dans ce secteur") from error
    return standing(named)


def _bound_to(authority_id: int, sector: str) -> list[bytes]:
    return [f"{authority_id}/{sector}".encode()]


def _cipher() -> AESSIV:
    return _made(lasting.secret(b"etoile gru pairwise", 64))


@lru_cache(maxsize=2)
def _made(key: bytes) -> AESSIV:
    return AESSIV(key)
