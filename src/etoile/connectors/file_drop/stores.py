"""A place of exchange: the few operations on files that the three protocols have in common."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

BLOCK = 64 * 1024
# More names than that in one folder are left for the next reading.
MOST_ENTRIES = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the place: its name without folder, its size in bytes, when it changed (epoch seconds)."""

    name: str
    size: int
    modified: float


class StoreError(Exception):
    """An operation failed. `kind`: "retry" may pass by itself, "configuration" needs somebody, "data" is a refusal of
    what the file contains. `message` is French; `after`: the seconds that the place asks to wait, if it does."""

    def __init__(
        self,
        kind: Literal["retry", "configuration", "data"],
        message: str,
        detail: str = "",
        *,
        after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.detail = detail
        self.after = after


class NotLetIn(StoreError):
    """Who we are, or who the server is, cannot be established: nothing else is worth trying."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__("configuration", message, detail)


class Store(Protocol):
    """Paths are relative to the place, with "/" between names. Every method may raise StoreError."""

    async def find(self, path: str) -> Entry | None:
        """The file, or None."""

    async def write(self, path: str, blocks: AsyncIterable[bytes], size: int | None = None) -> int:
        """Writes a file whole, over any that is there, as durably as the place can; the bytes written.

        `size`, in bytes, when it is known. Raises also what `blocks` raises.
        """

    async def rename(self, path: str, target: str) -> bool:
        """Gives a file its other name; False, and nothing done, when that name is taken."""

    def read(self, path: str, most: int, start: int = 0) -> AsyncGenerator[bytes, None]:
        """The content from a byte on. StoreError when there is more than `most` bytes of it."""

    async def files(self, folder: str) -> list[Entry]:
        """The files of a folder, by name; hidden ones are left out."""

    async def remove(self, path: str) -> None:
        """Removes a file, if it is there."""


Opening = AbstractAsyncContextManager[Store]


def joined(folder: str, name: str) -> str:
    """The path of a name in a folder. ValueError for a name that would lead elsewhere."""
    if not is_plain(name):
        raise ValueError(f"not a file name: {name!r}")
    return f"{folder.rstrip('/')}/{name}" if folder else name


def is_plain(name: str) -> bool:
    """Whether a name, given by a server maybe, is one of a file in its folder and nothing else."""
    return bool(name) and name not in (".", "..") and not any(each in name for each in "/\\\0\r\n") and len(name) < 256


async def once(content: bytes) -> AsyncIterator[bytes]:
    """A content as blocks."""
    for start in range(0, len(content), BLOCK):
        yield content[start : start + BLOCK]


# The same accident in the same words, whatever the place.
CUT = "La connexion a été coupée pendant l’échange : le hub recommence de lui-même, rien n’est à moitié déposé."
FULL = "Le disque du serveur est plein : prévenez qui l’exploite. Le hub réessaie de lui-même."
NO_RENAMING = "Le serveur refuse de renommer un fichier : demandez ce droit à qui l’exploite, le dépôt en a besoin."


def not_allowed(folder: str) -> StoreError:
    words = f"Le hub n’a pas le droit d’agir dans le dossier « {folder} » : demandez à qui l’exploite le droit d’y "
    return StoreError("configuration", f"{words}écrire, d’y renommer et d’en retirer des fichiers.", "not allowed")


def missing(folder: str) -> StoreError:
    words = f"Le dossier « {folder} » n’existe pas : créez-le, ou corrigez le réglage."
    return StoreError("configuration", words, "no such folder")


def too_long(most: int) -> StoreError:
    return StoreError("configuration", f"Le fichier dépasse {most} octets.", "too large")
