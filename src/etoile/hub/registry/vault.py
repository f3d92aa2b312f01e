"""Secrets at rest: what the registry keeps for applications is encrypted with HUB_ENCRYPTION_KEY.

The setting is a list: the first key encrypts, all of them decrypt. To change key, put the new one first, run
`etoile hub reencrypt`, then drop the old one.
"""

import base64
import hashlib
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class UndecipherableError(Exception):
    """No key of HUB_ENCRYPTION_KEY opens a value of the database."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    # Whatever the form of the key given by the operator, Fernet wants 32 bytes; the prefix ties them to this use.
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"etoile hub at rest\0" + k.encode()).digest())) for k in keys]
    )


def encrypt(text: str) -> str:
    return _box(tuple(settings.HUB_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(sealed: str) -> str:
    try:
        return _box(tuple(settings.HUB_ENCRYPTION_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UndecipherableError("HUB_ENCRYPTION_KEY does not open the secrets of this database") from error


def encrypt_all(values: dict[str, str]) -> str:
    return encrypt(json.dumps(values, sort_keys=True)) if values else ""


def decrypt_all(sealed: str) -> dict[str, str]:
    return json.loads(decrypt(sealed)) if sealed else {}


class SealedField(models.TextField):
    """A text in Python, ciphertext in the database; empty stays empty. Cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else ""

    def from_db_value(self, value: Any, *_: Any) -> str:
        return decrypt(value) if value else ""


class SealedMappingField(models.TextField):
    """A mapping of names to secrets in Python, one ciphertext in the database."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt_all(self.to_python(value))

    def from_db_value(self, value: Any, *_: Any) -> dict[str, str]:
        return decrypt_all(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) and value else value or {}
