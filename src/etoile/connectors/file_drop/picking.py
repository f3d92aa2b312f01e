"""Picking up the files that an application gives back.

A file is read when it is whole: its marker is there, or it has not changed for a while. It is first checked from end to
end, then told a page of rows at a time. Both go by position: the cursor holds the byte where the next reading begins,
so that a file of any length is fetched twice, in flat memory, whatever the number of pages.

It is moved, to the archive or to the quarantine, only by the reading *after*: that the cursor came back proves that the
hub has recorded what was told. A process killed at any line reads the same page again.
"""

import asyncio
import fnmatch
import hashlib
import json
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from etoile.connectors.file_drop import moving, statuses
from etoile.connectors.file_drop.configuration import Poll, Reading
from etoile.connectors.file_drop.moving import Moved
from etoile.connectors.file_drop.rows import Mark, Row, Unreadable
from etoile.connectors.file_drop.stores import Entry, Store, is_plain, joined
from etoile.sdk import Polled, Problem, Returned
from etoile.sdk.mapping import Return

# Rows told in one reading, which is one transaction of the hub; and rows checked in one, which tells nothing.
PAGE = 500
CHECKED = 5000
# What is wrong is said for that many rows.
MOST_FAULTS = 20
# Files whose content is remembered, so that one that comes twice under two names is told once.
REMEMBERED = 200
# Files looked at in one reading: the cursor holds what was seen of each.
WATCHED = 200

Told = tuple[str, Returned]


@dataclass(slots=True)
class Progress:
    """A file being read: as it was when this began, what is done of it (`checked`, then `told` rows), and where the
    next reading goes on. `digest`: of the rows checked so far."""

    name: str
    size: int
    modified: float
    checked: bool = False
    told: int = 0
    mark: Mark | None = None
    digest: str = ""
    faults: list[str] = field(default_factory=list)

    def is_of(self, entry: Entry) -> bool:
        return (self.name, self.size, self.modified) == (entry.name, entry.size, entry.modified)


@dataclass(slots=True)
class State:
    """What the cursor says. `moves`: files read to their end, to be put away; `seen`: size, date and first sight of
    each file not read yet; `known`: what tells the content of the last ones read."""

    moves: list[dict[str, Any]] = field(default_factory=list)
    reading: Progress | None = None
    seen: dict[str, list[float]] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, cursor: str | None) -> "State":
        """A cursor that is not ours starts again: what is told twice is known by the hub as the same."""
        try:
            state = cls(**json.loads(cursor)) if cursor else cls()
            kept: Any = state.reading
            state.reading = Progress(**kept) if kept else None
            [Moved.load(each) for each in state.moves]
        except (ValueError, TypeError, KeyError):
            return cls()
        return state

    def polled(self, told: list[Told] | None = None, problems: list[Problem] | None = None, *, more: bool) -> Polled:
        return Polled(json.dumps(asdict(self), separators=(",", ":")), told or [], more, problems or [])


async def read(store: Store, settings: Poll, back: Return | None, cursor: str | None, now: float) -> Polled:
    """One step: put away what was read, then tell acknowledgements, or a page of one file. StoreError or DoorError.

    `back`: the way back of the mapping, needed when `settings` says how to read rows.
    """
    state = State.load(cursor)
    for kept in state.moves:
        await moving.away(store, settings, Moved.load(kept))
    state.moves = []
    entries = {each.name: each for each in await store.files(settings.folder) if is_plain(each.name)}
    acknowledged = _acknowledgements(settings, entries)
    if acknowledged:
        state.moves = [Moved.of(entry, str(int(entry.modified))).dump() for entry, _ in acknowledged]
        return state.polled([told for _, told in acknowledged], more=True)
    lost = _lost(settings, state, entries)
    entry = _next(settings, state, entries, now)
    if entry is None or settings.reading is None or back is None:
        return state.polled(problems=lost, more=False)
    if state.reading is None or not state.reading.is_of(entry):
        state.reading = Progress(entry.name, entry.size, entry.modified)
    polled = await _advance(store, settings, Translation(settings.reading, back, entry), state)
    return replace(polled, problems=[*lost, *polled.problems])


@dataclass(frozen=True, slots=True)
class Translation:
    """How the rows of one file are read."""

    settings: Reading
    back: Return
    entry: Entry

    def status(self, row: Row) -> Told:
        return statuses.status(self.settings, self.back, row, datetime.fromtimestamp(self.entry.modified, UTC))


def _acknowledgements(settings: Poll, entries: dict[str, Entry]) -> list[tuple[Entry, Told]]:
    """Files whose name alone says that the application has taken ours."""
    suffix = settings.acknowledgement
    if suffix is None:
        return []
    found = [entry for name, entry in entries.items() if name.endswith(suffix) and len(name) > len(suffix)]
    return [(entry, _received(entry.name.removesuffix(suffix), entry)) for entry in found[:PAGE]]


def _received(name: str, entry: Entry) -> Told:
    number = statuses.named(name)
    moment = datetime.fromtimestamp(entry.modified, UTC)
    return number, Returned("received", moment, business_code="ACK", external_id=number)


def _lost(settings: Poll, state: State, entries: dict[str, Entry]) -> list[Problem]:
    """A file that was taken away while it was being told: who did it must know that the rest of it was not read."""
    progress = state.reading
    if progress is None or progress.name in entries:
        return []
    state.reading = None
    if not progress.told:
        return []
    folder = settings.folder.strip("/")
    words = (
        f"Le fichier « {progress.name} » a été retiré de « {folder} » pendant sa lecture : {progress.told} lignes sont "
        "lues, les suivantes manquent. Remettez-le tel quel : les lignes déjà lues ne compteront pas deux fois."
    )
    return [Problem(progress.name, words, f"{progress.name} {progress.digest} lost")]


def _next(settings: Poll, state: State, entries: dict[str, Entry], now: float) -> Entry | None:
    """The file being read, else the first one that is whole."""
    ours = ((name, entry) for name, entry in entries.items() if _is_ours(settings, name))
    waiting = dict(islice(ours, WATCHED))
    state.seen = {name: _sight(entry, state.seen.get(name), now) for name, entry in waiting.items()}
    if state.reading is not None:
        return entries[state.reading.name]
    for name, entry in waiting.items():
        whole = (
            f"{name}{settings.marker}" in entries if settings.marker else now - state.seen[name][2] >= settings.settle
        )
        if whole:
            return entry
    return None


def _is_ours(settings: Poll, name: str) -> bool:
    ends = [each for each in (settings.marker, settings.acknowledgement) if each]
    return fnmatch.fnmatchcase(name.lower(), settings.names.lower()) and not name.endswith(tuple(ends))


def _sight(entry: Entry, before: list[float] | None, now: float) -> list[float]:
    """Since when a file has had this size and date, by the hub's clock: the server's may be wrong."""
    same = before is not None and before[:2] == [entry.size, entry.modified]
    return [entry.size, entry.modified, before[2] if same and before is not None else now]


async def _advance(store: Store, settings: Poll, translation: Translation, state: State) -> Polled:
    """The next step of the file at hand."""
    progress, entry = state.reading, translation.entry
    assert progress is not None  # noqa: S101 for the type checker
    if not progress.checked and not await _check(store, settings, translation, progress):
        return state.polled(more=True)
    if progress.faults:
        return _refused(settings, state, entry, progress)
    if not progress.told and progress.digest in state.known:
        return _ended(state, entry, progress, [])
    told: list[Told] = []
    mark, ended = await _slice(
        store, settings, translation, progress.mark, PAGE, lambda row: told.append(translation.status(row))
    )
    if ended:
        return _ended(state, entry, progress, told)
    progress.mark, progress.told = mark, progress.told + len(told)
    return state.polled(told, more=True)


async def _check(store: Store, settings: Poll, translation: Translation, progress: Progress) -> bool:
    """Goes on checking; True once the end is reached, or nothing more is worth saying. Nothing of a file is told
    unless all of it can be."""

    def look(row: Row) -> None:
        progress.digest = hashlib.sha256(f"{progress.digest}{row.cells}".encode()).hexdigest()[:32]
        try:
            translation.status(row)
        except Unreadable as error:
            progress.faults.append(str(error))
            if len(progress.faults) == MOST_FAULTS:
                raise Unreadable("… et peut-être d’autres lignes.") from None

    try:
        progress.mark, progress.checked = await _slice(store, settings, translation, progress.mark, CHECKED, look)
    except Unreadable as error:
        progress.faults.append(str(error))
        progress.checked = True
    if progress.checked:
        progress.mark = None
    return progress.checked


async def _slice(
    store: Store,
    settings: Poll,
    translation: Translation,
    mark: Mark | None,
    most: int,
    take: Callable[[Row], None],
) -> tuple[Mark, bool]:
    """Gives at most that many rows from a mark on; where it stopped, and whether that is the end. Raises Unreadable."""
    entry = translation.entry
    if entry.size > settings.max_bytes:
        raise Unreadable(f"Le fichier dépasse {settings.max_bytes} octets.")
    rows = statuses.rows_of(translation.settings, mark)
    left = most

    def some(block: bytes | None) -> bool:
        nonlocal left
        for row in rows.feed(block) if block is not None else rows.close():
            take(row)
            left -= 1
            if not left:
                return False
        return True

    start = rows.mark["at"]
    blocks = store.read(joined(settings.folder, entry.name), settings.max_bytes - start, start)
    async with aclosing(blocks):
        async for block in blocks:
            if not await asyncio.to_thread(some, block):
                return rows.mark, False
    ended = await asyncio.to_thread(some, None)
    return rows.mark, ended


def _ended(state: State, entry: Entry, progress: Progress, told: list[Told]) -> Polled:
    state.reading, state.moves = None, [Moved.of(entry, progress.digest[:8]).dump()]
    state.known = [*(each for each in state.known if each != progress.digest), progress.digest][-REMEMBERED:]
    return state.polled(told, more=True)


def _refused(settings: Poll, state: State, entry: Entry, progress: Progress) -> Polled:
    """The file goes to the quarantine at the next reading, once the hub has recorded that somebody must look."""
    state.reading = None
    mark = str(int(entry.modified))
    state.moves = [Moved.of(entry, mark, tuple(progress.faults)).dump()]
    folder, quarantine = (each.strip("/") or "/" for each in (settings.folder, settings.quarantine))
    words = (
        f"Le fichier « {entry.name} » est illisible, rien n’en est lu : {progress.faults[0][:200]} Il est rangé dans "
        f"« {quarantine} » avec le motif. Corrigez-le ou redemandez-le, puis remettez-le dans « {folder} »."
    )
    return state.polled(problems=[Problem(entry.name, words, f"{entry.name} {entry.size} {mark}")], more=True)
