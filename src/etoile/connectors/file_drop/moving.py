"""Where a returned file goes once the hub has recorded what was read of it: the archive, or the quarantine.

A file that changed since it was read stays where it is: it is another one, to be read in its turn.
"""

from dataclasses import asdict, dataclass
from typing import Any

from etoile.connectors.file_drop import dropping
from etoile.connectors.file_drop.configuration import Poll
from etoile.connectors.file_drop.stores import Entry, Store, is_plain, joined, once

REASON = ".motif.txt"


@dataclass(frozen=True, slots=True)
class Moved:
    """A file to move: as it was when it was read, what tells it from another of that name, and what is wrong in it."""

    name: str
    size: int
    modified: float
    mark: str
    reasons: tuple[str, ...] = ()

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "Moved":
        return cls(**{**kept, "reasons": tuple(kept["reasons"])})

    @classmethod
    def of(cls, entry: Entry, mark: str, reasons: tuple[str, ...] = ()) -> "Moved":
        return cls(entry.name, entry.size, entry.modified, mark, reasons)

    def dump(self) -> dict[str, Any]:
        return asdict(self)


async def away(store: Store, settings: Poll, file: Moved) -> None:
    """Moves one file, unless an earlier try did, or it is no longer the same. May be done again. Raises StoreError."""
    if not is_plain(file.name):
        return
    found = await store.find(joined(settings.folder, file.name))
    if found is None or (found.size, found.modified) != (file.size, file.modified):
        return
    target = settings.quarantine if file.reasons else settings.archive
    if file.reasons:
        await _note(store, target, file)
    if settings.marker:
        # First: alone, it would vouch for the next file of that name while it is being written.
        await store.remove(joined(settings.folder, f"{file.name}{settings.marker}"))
    await _move(store, settings.folder, target, file)


async def _note(store: Store, folder: str, file: Moved) -> None:
    """The reason stands there before the file does."""
    note = f"Fichier : {file.name}\nIllisible pour le hub :\n" + "".join(f"- {each}\n" for each in file.reasons)
    reason = f"{file.name}{REASON}"
    await store.remove(joined(folder, reason))
    await dropping.whole(store, folder, reason, once(note.encode()))


async def _move(store: Store, folder: str, target: str, file: Moved) -> None:
    """Never over what has the same name there."""
    source = joined(folder, file.name)
    if await store.rename(source, joined(target, file.name)):
        return
    base, dot, ending = file.name.rpartition(".")
    other = f"{base}-{file.mark}.{ending}" if dot else f"{file.name}-{file.mark}"
    if not await store.rename(source, joined(target, other)):
        await store.remove(source)  # the same content is there already
