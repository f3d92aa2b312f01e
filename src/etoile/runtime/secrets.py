"""Secrets made once and kept in `<data>/secrets/<name>` (folder 0700, files 0600).

A file is written beside its final place and linked there, so two processes that start together agree on one value and a
kill leaves either no secret or a whole one. A secret is never made again: a damaged file is an error.
"""

import base64
import binascii
import os
import re
import secrets as randomness
from pathlib import Path
from typing import Final, Literal

from etoile.runtime.folders import data_folder, private_folder
from etoile.runtime.plain import PlainError

Kind = Literal["key", "token", "whsec", "base32"]

SHORTEST: Final = {"key": 32, "token": 20, "whsec": 38, "base32": 32}
NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")


class SecretError(PlainError):
    """A secret that cannot be read or made; the message says why, never the value."""


def read_or_create(name: str, kind: Kind = "token", *, folder: Path | None = None, like: str = "") -> str:
    """The secret of that name, made at first use. `name` is lowered: HUB_SECRET_KEY is kept in `hub_secret_key`.

    `like`: the value it begins with, rather than one drawn at random."""
    filename = name.lower()
    if not NAME.fullmatch(filename):
        raise SecretError(f"“{name}” cannot be the name of a secret: use letters, digits, - _ and .")
    place = private_folder(folder or data_folder() / "secrets") / filename
    if not place.exists():
        _write_once(place, like or make(kind))
    value = place.read_text(encoding="utf-8").strip()
    weakness = describe_weakness(value, kind)
    if weakness:
        raise SecretError(f"the file {place} {weakness}; restore it from a backup, or remove it to have a new one made")
    return value


def make(kind: Kind) -> str:
    """key: 32 random bytes in URL-safe base64. token: 43 URL-safe characters. whsec: a Standard Webhooks secret.

    base32: 160 random bits in 32 characters, as applications of codes read them (RFC 4226 §4, R6)."""
    if kind == "key":
        return base64.urlsafe_b64encode(randomness.token_bytes(32)).decode()
    if kind == "whsec":
        return "whsec_" + base64.b64encode(randomness.token_bytes(32)).decode()
    if kind == "base32":
        return base64.b32encode(randomness.token_bytes(20)).decode()
    return randomness.token_urlsafe(32)


def describe_weakness(value: str, kind: Kind) -> str:
    """What is wrong with a given secret, in words that do not repeat it; empty if nothing is."""
    if len(value) < SHORTEST[kind]:
        return f"is too short ({len(value)} characters, at least {SHORTEST[kind]} are needed)"
    if len(set(value)) < 8:
        return "repeats the same few characters: it can be guessed"
    if kind == "whsec" and not _is_webhook_secret(value):
        return "must be “whsec_” followed by base64"
    return ""


def _is_webhook_secret(value: str) -> bool:
    try:
        base64.b64decode(value.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        return False
    return value.startswith("whsec_")


def _write_once(place: Path, value: str) -> None:
    draft = place.with_name(f".{place.name}.{os.getpid()}.{randomness.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, place)
        except FileExistsError:
            return
        _sync_folder(place.parent)
    finally:
        draft.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
