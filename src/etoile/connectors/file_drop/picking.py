"""Picking up the files that an application gives back.

A file is read when it is whole (its marker is there, or it has not changed for a while), checked whole, told a page of
rows at a time, and moved to the archive only by the reading *after*: that the cursor came back proves that the hub has
recorded every row. A file that cannot be read goes to the quarantine with the reason beside it.
"""

import asyncio
import fnmatch
import hashlib
import json
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import IO, Any

from etoile.connectors.file_drop import dropping, rows
from etoile.connectors.file_drop.configuration import Poll, Reading
from etoile.connectors.file_drop.stores import Entry, Store, StoreError, is_plain, joined, once
from etoile.sdk import DoorError, Polled, Returned

PAGE = 500
# Files whose content is remembered, so that one that comes twice under two names is told once.
REMEMBERED = 200
# Files looked at in one reading: the cursor holds what was seen of each.
WATCHED = 200
IN_MEMORY = 512 * 1024
REASON = ".motif.txt"


@dataclass(slots=True)
class State:
    """What the cursor says. `done`: [name, mark] read and to be put away; `reading`: [name, sha256, next row];
    `seen`: size, date and first sight of each file not read yet; `known`: the SHA-256 of the last ones read."""

    done: list[list[str]] = field(default_factory=list)
    reading: list[Any] | None = None
    seen: dict[str, list[float]] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, cursor: str | None) -> "State":
        """A cursor that is not ours starts again: what is told twice is known by the hub as the same."""
        try:
            return cls(**json.loads(cursor)) if cursor else cls()
        except (ValueError, TypeError):
            return cls()

    def dump(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Content:
    """A returned file, kept aside while it is read."""

    file: IO[bytes]
    sha256: str


async def read(store: Store, settings: Poll, cursor: str | None, now: float) -> Polled:
    """One step: put away what was read, then tell acknowledgements, or a page of one file. StoreError or DoorError."""
    state = State.load(cursor)
    for name, mark in state.done:
        await _put_away(store, settings, name, mark)
    state.done = []
    entries = {each.name: each for each in await store.files(settings.folder) if is_plain(each.name)}
    acknowledged = _acknowledgements(settings, entries)
    if acknowledged:
        state.done = [[entry.name, str(int(entry.modified))] for entry, _ in acknowledged]
        return Polled(state.dump(), [told for _, told in acknowledged], more=True)
    entry = _next(settings, state, entries, now)
    if entry is None or settings.reading is None:
        return Polled(state.dump())
    return await _tell(store, settings, settings.reading, state, entry)


def _acknowledgements(settings: Poll, entries: dict[str, Entry]) -> list[tuple[Entry, tuple[str, Returned]]]:
    """Files whose name alone says that the application has taken ours."""
    suffix = settings.acknowledgement
    if suffix is None:
        return []
    found = [entry for name, entry in entries.items() if name.endswith(suffix) and len(name) > len(suffix)]
    return [(entry, _received(entry.name.removesuffix(suffix), entry)) for entry in found[:PAGE]]


def _received(name: str, entry: Entry) -> tuple[str, Returned]:
    number = name.removesuffix(".csv").removesuffix(".xml")
    moment = datetime.fromtimestamp(entry.modified, UTC)
    return number, Returned("received", moment, business_code="ACK", external_id=number)


def _next(settings: Poll, state: State, entries: dict[str, Entry], now: float) -> Entry | None:
    """The file being read, else the first one that is whole."""
    ours = ((name, entry) for name, entry in entries.items() if _is_ours(settings, name))
    waiting = dict(islice(ours, WATCHED))
    state.seen = {name: _sight(entry, state.seen.get(name), now) for name, entry in waiting.items()}
    if state.reading is not None and state.reading[0] in waiting:
        return waiting[state.reading[0]]
    state.reading = None
    for name, entry in waiting.items():
        whole = (
            f"{name}{settings.marker}" in entries if settings.marker else now - state.seen[name][2] >= settings.settle
        )
        if whole:
            return entry
    return None


def _is_ours(settings: Poll, name: str) -> bool:
    ends = [each for each in (settings.marker, settings.acknowledgement) if each]
    return fnmatch.fnmatchcase(name.lower(), settings.pattern.lower()) and not name.endswith(tuple(ends))


def _sight(entry: Entry, before: list[float] | None, now: float) -> list[float]:
    """Since when a file has had this size and date, by the hub's clock: the server's may be wrong."""
    same = before is not None and before[:2] == [entry.size, entry.modified]
    return [entry.size, entry.modified, before[2] if same and before is not None else now]


async def _tell(store: Store, settings: Poll, reading: Reading, state: State, entry: Entry) -> Polled:
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        try:
            content = Content(file, await _fetched(store, settings, entry, file))
        except StoreError as error:
            if error.detail == "too large":
                raise await _set_aside(store, settings, entry, [error.message]) from None
            raise
        name, sha256, start = state.reading or (entry.name, content.sha256, 0)
        if sha256 != content.sha256:
            start = 0  # the file has changed since the page before
        told: list[tuple[str, Returned]] = []
        if start or content.sha256 not in state.known:
            if not start:
                wrong = await asyncio.to_thread(rows.faults, file, reading, entry.modified)
                if wrong:
                    raise await _set_aside(store, settings, entry, wrong)
            told = await asyncio.to_thread(_page, file, reading, entry.modified, start)
    if len(told) == PAGE:
        state.reading = [name, content.sha256, start + PAGE]
    else:
        state.reading, state.done = None, [[name, content.sha256[:8]]]
        state.known = [*(each for each in state.known if each != content.sha256), content.sha256][-REMEMBERED:]
    return Polled(state.dump(), told, more=True)


async def _fetched(store: Store, settings: Poll, entry: Entry, file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    async for block in store.read(joined(settings.folder, entry.name), settings.max_bytes):
        digest.update(block)
        file.write(block)
    return digest.hexdigest()


def _page(file: IO[bytes], reading: Reading, modified: float, start: int) -> list[tuple[str, Returned]]:
    return list(islice(rows.read(file, reading, modified), start, start + PAGE))


async def _put_away(store: Store, settings: Poll, name: str, mark: str) -> None:
    """Moves a file to the archive, unless an earlier try did. The marker goes first: alone, it would vouch for the
    next file of that name while it is being written."""
    if not is_plain(name):
        return
    if settings.marker:
        await store.remove(joined(settings.folder, f"{name}{settings.marker}"))
    await _move(store, settings.folder, settings.archive, name, mark)


async def _move(store: Store, folder: str, target: str, name: str, mark: str) -> str:
    """Moves without writing over what has the same name there. The name it has there."""
    source = joined(folder, name)
    if await store.find(source) is None:
        return name
    if await store.rename(source, joined(target, name)):
        return name
    base, dot, ending = name.rpartition(".")
    other = f"{base}-{mark}.{ending}" if dot else f"{name}-{mark}"
    if not await store.rename(source, joined(target, other)):
        await store.remove(source)  # the same content is there already
    return other


async def _set_aside(store: Store, settings: Poll, entry: Entry, reasons: list[str]) -> DoorError:
    """Puts an unreadable file in the quarantine; the error that tells it. The reason is written first."""
    note = f"Fichier : {entry.name}\nIllisible pour le hub :\n" + "".join(f"- {each}\n" for each in reasons)
    mark = str(int(entry.modified))
    reason = joined(settings.quarantine, f"{entry.name}{REASON}")
    await store.remove(reason)
    await dropping.whole(store, settings.quarantine, f"{entry.name}{REASON}", once(note.encode()))
    if settings.marker:
        await store.remove(joined(settings.folder, f"{entry.name}{settings.marker}"))
    await _move(store, settings.folder, settings.quarantine, entry.name, mark)
    folder = settings.quarantine.strip("/")
    words = f"Le fichier « {entry.name} » est illisible, il est rangé dans « {folder} ». {reasons[0]}"
    return DoorError("status", words, maybe_sent=True)
