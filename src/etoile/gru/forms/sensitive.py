"""Special categories of data (RGPD article 9) are encrypted one value at a time: no index, no search, no reading in a
dump."""

import base64
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from etoile.gru.forms.definition import Definition

MARK = "$sealed"


class SealError(ValueError):
    """The value was sealed with another key, or for another field or holder."""


def seal(definition: Definition, answers: Mapping[str, Any], *, holder: object) -> dict[str, Any]:
    """A copy of `answers` where each sensitive one is `{"$sealed": …}`, readable for this `holder` (draft = case id)
    only.
    """
    secret = {each.id for each in definition.fields if each.sensitive}
    return {key: _seal(value, key, holder) if key in secret else value for key, value in answers.items()}


def seal_one(value: Any, field: str, *, holder: object) -> Any:
    """One value sealed, as `seal` does for the sensitive ones; `open_one` is its inverse."""
    return _seal(value, field, holder)


def open_one(value: Any, field: str, *, holder: object) -> Any:
    """A value in clear, sealed or not. Raises `SealError`."""
    return _open(value, field, holder) if is_sealed(value) else value


def open_sealed(answers: Mapping[str, Any], *, holder: object) -> dict[str, Any]:
    """The answers in clear. Raises `SealError` when one cannot be opened."""
    return {key: _open(value, key, holder) if is_sealed(value) else value for key, value in answers.items()}


def is_sealed(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {MARK}


@lru_cache(maxsize=2)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"etoile gru sensitive answers").derive(secret.encode()))


def _bound_to(field: str, holder: object) -> bytes:
    return f"{holder}\n{field}".encode()


def _seal(value: Any, field: str, holder: object) -> Any:
    if value is None or is_sealed(value):
        return value
    nonce = os.urandom(12)
    clear = json.dumps(value, ensure_ascii=False).encode()
    return {
        MARK: base64.b64encode(
            nonce + _cipher(settings.ENCRYPTION_KEY).encrypt(nonce, clear, _bound_to(field, holder))
        ).decode()
    }


def _open(value: Mapping[str, str], field: str, holder: object) -> Any:
    try:
        raw = base64.b64decode(value[MARK], validate=True)
        return json.loads(_cipher(settings.ENCRYPTION_KEY).decrypt(raw[:12], raw[12:], _bound_to(field, holder)))
    except (InvalidTag, ValueError) as error:
        raise SealError(f"la réponse « {field} » ne peut être ouverte avec la clé de ce serveur") from error
