"""Putting one delivery down: its documents, its checksum, its file, its marker, in this order.

Each file is written under a hidden name, then renamed: whoever looks sees it whole or not at all. The names come from
the idempotency key, so an attempt that wrote and could not say so is found again by the next one.
"""

import hashlib
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import IO, Any

from etoile.connectors.file_drop import naming, writing
from etoile.connectors.file_drop.configuration import Drop
from etoile.connectors.file_drop.formats import Csv
from etoile.connectors.file_drop.stores import BLOCK, Store, StoreError, joined, once
from etoile.contract.envelope import Event
from etoile.sdk import Context, Document, documents_of

# Beyond that, a file being prepared goes from memory to the disk.
IN_MEMORY = 512 * 1024
SHOWN = 4096
# Leftovers of that many earlier attempts are removed: a killed one may be followed by others that only failed.
CLEANED = 20


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file ready to be put down. `stem` is its name without ending; `documents`: (name, document) pairs."""

    stem: str
    name: str
    content: IO[bytes]
    size: int
    sha256: str
    documents: tuple[tuple[str, Document], ...]

    def beginning(self) -> bytes:
        """What is shown as evidence."""
        self.content.seek(0)
        return self.content.read(SHOWN)

    async def blocks(self) -> AsyncIterator[bytes]:
        self.content.seek(0)
        while block := self.content.read(BLOCK):
            yield block


@asynccontextmanager
async def prepared(drop: Drop, event: Event, context: Context) -> AsyncIterator[Prepared]:
    """The whole file, written aside. Raises MappingError, DocumentError, writing.Unwritable or writing.NotRows."""
    start = context.render({"name": drop.name})["name"] if drop.name.startswith("=") else drop.name
    stem = naming.stem(str(start), context.idempotency_key)
    documents = documents_of(event) if drop.documents is not None else []
    named = tuple((naming.document(stem, rank, each.name), each) for rank, each in enumerate(documents, start=1))
    tree = await context.filled(context.render()) if context.mapping is not None else event.data
    tree = _with_names(drop, tree, [name for name, _ in named])
    digest, size = hashlib.sha256(), 0
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as content:
        for block in writing.blocks(drop.format, tree):
            content.write(block)
            digest.update(block)
            size += len(block)
        name = f"{stem}.{drop.format.kind}"
        yield Prepared(stem, name, content, size, digest.hexdigest(), named)


def _with_names(drop: Drop, tree: Any, names: list[str]) -> Any:
    if drop.documents is None or drop.documents.column is None:
        return tree
    column = drop.documents.column
    value: Any = " | ".join(names) if isinstance(drop.format, Csv) else names
    if isinstance(tree, list):
        return [{**row, column: value} if isinstance(row, dict) else row for row in tree]
    return {**tree, column: value} if isinstance(tree, dict) else tree


async def put(store: Store, drop: Drop, file: Prepared, context: Context) -> bool:
    """Puts everything down; False when an earlier attempt had put the file already. StoreError or DocumentError."""
    if await _is_there(store, drop, file.name):
        await _mark(store, drop, file)
        return False
    folder = drop.folder
    if drop.documents is not None and drop.documents.folder is not None:
        folder = drop.documents.folder
    for name, document in file.documents:
        # One that was taken away with an earlier try's file would have been seen above.
        if await store.find(joined(folder, name)) is None:
            await whole(store, folder, name, context.open_document(document), context.attempt, document.size)
    if drop.checksum:
        name = f"{file.name}.sha256"
        await whole(store, drop.folder, name, once(f"{file.sha256}  {file.name}\n".encode()), context.attempt)
    await whole(store, drop.folder, file.name, file.blocks(), context.attempt)
    await _mark(store, drop, file)
    return True


async def _is_there(store: Store, drop: Drop, name: str) -> bool:
    if await store.find(joined(drop.folder, name)) is not None:
        return True
    return drop.taken is not None and await store.find(joined(drop.taken, name)) is not None


async def _mark(store: Store, drop: Drop, file: Prepared) -> None:
    if drop.marker is None or await store.find(joined(drop.folder, file.name)) is None:
        return
    name = f"{file.name}{drop.marker}"
    if await store.find(joined(drop.folder, name)) is None:
        await whole(store, drop.folder, name, once(b""))


async def whole(
    store: Store, folder: str, name: str, blocks: AsyncIterable[bytes], attempt: int = 1, size: int | None = None
) -> None:
    """Writes a file that appears under its name once it is whole. Raises StoreError, and what `blocks` raises."""
    hidden, target = joined(folder, naming.temporary(name, attempt)), joined(folder, name)
    try:
        written = await store.write(hidden, blocks, size)
        found = await store.find(hidden)
        if found is None or found.size != written:
            told = "absent" if found is None else f"{found.size} of {written} bytes"
            words = (
                "Le fichier déposé n’est pas complet : le disque est peut-être plein. Le hub recommence de lui-même."
            )
            raise StoreError("retry", words, told)
        if not await store.rename(hidden, target):
            await store.remove(hidden)
    except Exception:
        with suppress(Exception):
            await store.remove(hidden)
        raise
    for earlier in range(max(1, attempt - CLEANED), attempt):
        # What a killed attempt left half written.
        with suppress(Exception):
            await store.remove(joined(folder, naming.temporary(name, earlier)))
