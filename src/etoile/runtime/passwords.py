"""The password of an account made from the command line: never an argument, since the process list shows arguments."""

import getpass
import os
from pathlib import Path

from etoile.runtime.plain import PlainError


class PasswordError(PlainError):
    """No password, or not one that can be read. The message says what to do."""


def asked(file: Path | None, variable: str) -> str:
    """From `file`, else from the environment variable, else typed twice. Raises PasswordError."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise PasswordError(f"{file} cannot be read: {error.strerror}") from error
    given = os.environ.get(variable)
    if given:
        return given
    try:
        first, second = getpass.getpass("Password: "), getpass.getpass("Once more: ")
    except EOFError as error:
        raise PasswordError(f"no password: use --password-file or {variable}") from error
    if first != second:
        raise PasswordError("the two passwords differ")
    return first
