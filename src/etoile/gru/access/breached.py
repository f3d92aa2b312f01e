"""Passphrases that are tried first: known from leaks, or made the way everybody makes them (ASVS 6.2.4, 6.2.12).

Two lists. Ours, `common.txt`, with what one does to its words: capitals, accents, figures for letters, a year behind,
twice the same, keys in a row. And one the operator may bring (`GRU_BREACHED_PASSWORDS`): SHA-1 in capitals, in order,
one a line, as Have I Been Pwned publishes it (some 40 GB): read by bisection, some thirty lines of it for a question.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

logger = structlog.get_logger(__name__)

COMMON: Final = Path(__file__).parent / "common.txt"
LEAST_WORD, MOST_WORDS, MOST_AROUND, MOST_READ = 2, 2, 8, 64
FOR_LETTERS: Final = str.maketrans("013457@$€!", "oieastasei")
ROWS: Final = (
    "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz",
    "01234567890", "1qaz2wsx3edc4rfv5tgb6yhn", "1aqw2zsx3edc4rfv5tgb6yhn",
)  # fmt: skip
NEIGHBOURS: Final = {pair for row in ROWS for one, two in pairwise(row) for pair in ((one, two), (two, one))}
REPEATED: Final = re.compile(r"(.{1,5}?)\1{2,}.{0,4}")
AT_THE_ENDS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
DIGEST: Final = re.compile(rb"[0-9A-F]{40}(:[0-9]+)?\r?\n?")


class UnreadableList(Exception):
    """The file of `GRU_BREACHED_PASSWORDS` is not there, or not what was said; the message says which."""


def known(passphrase: str) -> bool:
    """Whether somebody who guesses would try it early. Says nothing of its length; nothing of it is kept."""
    if obvious(passphrase):
        return True
    file = str(settings.BREACHED_PASSWORDS)
    try:
        return bool(file) and listed(Path(file), passphrase)
    except UnreadableList:
        logger.error("passwords.list_unreadable", reason="GRU_BREACHED_PASSWORDS")
        return False


class NotBreached:
    """For `AUTH_PASSWORD_VALIDATORS`."""

    def validate(self, password: str, user: Any = None) -> None:
        if known(password):
            raise ValidationError(self.get_help_text(), code="password_breached")

    def get_help_text(self) -> str:
        return _(
            "Cette phrase fait partie de celles que l’on essaie d’abord (un mot courant, une suite de touches, un"
            " mot de passe déjà volé ailleurs). Choisissez plutôt quatre mots sans rapport entre eux."
        )


def obvious(passphrase: str) -> bool:
    """By our list and its usual disguises, and by the common ones Django brings."""
    plain = _folded(passphrase)
    if not plain or plain.lower().strip() in _of_django() or REPEATED.fullmatch(plain) or _is_a_walk(plain):
        return True
    around = "".join(each for each in plain if not each.isalpha())
    if len(around) > MOST_AROUND and not _is_a_walk(around):
        return False
    bare = AT_THE_ENDS.sub("", plain)
    return any(_is_made_of_words(_letters(each)) for each in (plain, _undisguised(plain), _undisguised(bare)))


def listed(file: Path, passphrase: str) -> bool:
    """Whether this ordered file of digests holds it. Raises `UnreadableList`."""
    # The digest the list is published with; it protects nothing here.
    wanted = hashlib.sha1(passphrase.encode(), usedforsecurity=False).hexdigest().upper().encode()
    try:
        with file.open("rb") as lines:
            low, high = 0, file.stat().st_size
            while low < high:
                middle = (low + high) // 2
                if middle:
                    lines.seek(middle - 1)
                    _line(lines.readline)
                start = lines.tell() if middle else 0
                if start >= high:
                    high = middle
                    continue
                lines.seek(start)
                line = _line(lines.readline)
                if not DIGEST.fullmatch(line):
                    raise UnreadableList(f"{file} is not a list of SHA-1 in capitals, one a line")
                if line[:40] == wanted:
                    return True
                low, high = (lines.tell(), high) if line[:40] < wanted else (low, middle)
    except OSError as error:
        raise UnreadableList(f"{file} cannot be read: {error.strerror}") from error
    return False


def _line(read: Callable[[int], bytes]) -> bytes:
    """A short one: a file that is something else may have no end of line at all."""
    return read(MOST_READ)


def _folded(passphrase: str) -> str:
    """Small letters without accents; no space nor punctuation but those that stand for a letter."""
    apart = unicodedata.normalize("NFKD", passphrase.lower())
    return "".join(each for each in apart if each.isalnum() or each in "@$€!")


def _letters(plain: str) -> str:
    return "".join(each for each in plain if each.isalpha())


def _undisguised(plain: str) -> str:
    return plain.translate(FOR_LETTERS)


def _is_a_walk(plain: str) -> bool:
    """Keys in a row, the alphabet or figures in order: hardly a step that surprises."""
    surprises = sum(1 for one, two in pairwise(plain) if one != two and (one, two) not in NEIGHBOURS)
    return len(plain) >= MOST_AROUND and surprises <= len(plain) // 6


def _is_made_of_words(letters: str, used: frozenset[str] = frozenset()) -> bool:
    """One or two common words, as often as one likes."""
    if not letters:
        return bool(used)
    if len(letters) > MOST_READ:
        return False
    for length in range(min(len(letters), MOST_READ), LEAST_WORD - 1, -1):
        word = letters[:length]
        if word in _words() and len(used | {word}) <= MOST_WORDS and _is_made_of_words(letters[length:], used | {word}):
            return True
    return False


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    lines = COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def _of_django() -> set[str]:
    return set(CommonPasswordValidator().passwords)
