"""Does the journal still say what it said? Every seal is computed again from the rows, or the first broken one named.

It finds what was changed, removed or added, in the entries and in the messages they speak of, by whoever could write in
the tables. Whoever can also write every seal again is found by a hash kept elsewhere (`known`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from etoile.hub.journal import seals
from etoile.hub.journal.seals import FIRST, LINE, MARK

STEP = 100

SEALS = """
SELECT id, at, from_number, to_number, entries, marks, previous, hash FROM journal_seal WHERE id > %s AND id <= %s
ORDER BY id
"""

# The content of a message is compared with the hash its entry carries, its columns with its content, and its key with
# the digest of what was received. A message that is not content is not read as one: CASE keeps that order.
ENTRIES = f"""
SELECT e.id, {LINE}, e.detail ? 'payload', e.message_id, m.id IS NOT NULL,
       CASE WHEN encode(sha256(convert_to(m.payload, 'UTF8')), 'hex') IS DISTINCT FROM e.detail ->> 'payload' THEN false
            ELSE (m.payload::json ->> 'source', m.payload::json ->> 'id', m.payload::json ->> 'type',
                  m.payload::json ->> 'subject', m.payload::json ->> 'authority')
                 = (m.source, m.event_id, m.type, m.subject, m.authority)
                 AND m.reference IS NOT DISTINCT FROM nullif(m.payload::json -> 'data' -> 'case' ->> 'reference', '')
                 AND encode(k.digest, 'hex') IS NOT DISTINCT FROM e.detail ->> 'digest'
       END
FROM journal_entry e
LEFT JOIN journal_message m ON m.id = e.message_id AND e.detail ? 'payload'
LEFT JOIN journal_message_key k ON k.source = m.source AND k.event_id = m.event_id
WHERE e.number > %s AND e.number <= %s ORDER BY e.number, e.id
"""  # noqa: S608 (only constants of this file)

DROPPED = "SELECT detail ->> 'before' FROM journal_entry WHERE kind = 'journal.dropped' ORDER BY number DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is not as it was sealed. `what`: changed, removed, added, message, seal, link or known."""

    what: str
    seal: int
    entry: UUID | None = None
    message: UUID | None = None

    def __str__(self) -> str:
        return WORDS[self.what].format(seal=self.seal, entry=self.entry, message=self.message)


WORDS = {
    "changed": "the entry {entry} was changed after it was sealed (seal {seal})",
    "removed": "the entry {entry} was removed after it was sealed (seal {seal})",
    "added": "the entry {entry} was added to what was sealed already (seal {seal})",
    "message": "the message {message} is not what its entry {entry} says was accepted (seal {seal})",
    "seal": "the seal {seal} itself was changed",
    "link": "the seal {seal} does not follow the one before it: a seal is missing or was changed",
    "known": "no seal of the journal has the hash that was noted: the chain was written again",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entries`: found as they were sealed; `dropped`: gone with their month; `waiting`: not sealed yet."""

    ok: bool
    entries: int
    seals: int
    broken: Broken | None = None
    dropped: int = 0
    waiting: int = 0
    last: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry as it is now. `message_kept`: True, False, or None when it speaks of no message that can be proved."""

    id: UUID
    mark: bytes
    message: UUID | None
    message_kept: bool | None


def verify(connection: Any, *, known: str = "") -> Verdict:
    """Read the whole chain. `known`: the hash of a seal, noted earlier outside the database, that must be there.

    Safe while the hub works: what is not sealed yet is only counted.
    """
    with connection.cursor() as cursor:
        end = seals.last(cursor)
        checked = _Chain(cursor, known)
        broken = checked.run(end.id) if end else None
        if broken is None and known and not checked.known_found:
            broken = Broken("known", end.id if end else 0)
        number, _ = seals.waiting(cursor)
    return Verdict(
        ok=broken is None,
        entries=checked.entries,
        seals=checked.seals,
        broken=broken,
        dropped=checked.dropped,
        waiting=number,
        last=end.hash.hex() if end else "",
    )


class _Chain:
    def __init__(self, cursor: Any, known: str) -> None:
        self._cursor = cursor
        self._known = known.strip().lower()
        self._before = self._read_before()
        self.known_found = False
        self.entries = self.seals = self.dropped = 0

    def run(self, end: int) -> Broken | None:
        previous, number, reached = FIRST, 0, 0
        for id, at, from_number, to_number, entries, stored, before, digest in self._seals(end):
            marks, hash = bytes(stored), bytes(digest)
            if id != reached + 1 or bytes(before) != previous or from_number != number:
                return Broken("link", reached + 1)
            head = seals.header(id, at, from_number, to_number, entries)
            if seals.hash_of(previous, head, marks) != hash or len(marks) != entries * MARK:
                return Broken("seal", id)
            found = self._compare(id, marks, self._lines(from_number, to_number))
            if found is not None:
                return found
            previous, number, reached = hash, to_number, id
            self.seals += 1
            self.known_found = self.known_found or (bool(self._known) and hash.hex().startswith(self._known))
        return None if reached == end else Broken("link", reached + 1)

    def _compare(self, seal: int, marks: bytes, lines: Sequence[_Line]) -> Broken | None:
        now = {line.id: line for line in lines}
        sealed = [marks[start : start + MARK] for start in range(0, len(marks), MARK)]
        for mark in sealed:
            id = UUID(bytes=mark[:16])
            line = now.pop(id, None)
            if line is None:
                if not self._is_dropped(id):
                    return Broken("removed", seal, id)
                self.dropped += 1
                continue
            if line.mark != mark:
                return Broken("changed", seal, id)
            if line.message_kept is False and not (line.message and self._is_dropped(line.message)):
                return Broken("message", seal, id, line.message)
            self.entries += 1
        return Broken("added", seal, next(iter(now))) if now else None

    def _seals(self, end: int) -> Iterator[Any]:
        for start in range(0, end, STEP):
            self._cursor.execute(SEALS, [start, min(start + STEP, end)])
            yield from self._cursor.fetchall()

    def _lines(self, from_number: int, to_number: int) -> list[_Line]:
        self._cursor.execute(ENTRIES, [from_number, to_number])
        return [
            _Line(id, seals.mark(id, line), message, (bool(there) and bool(whole)) if provable else None)
            for id, line, provable, message, there, whole in self._cursor.fetchall()
        ]

    def _is_dropped(self, id: UUID) -> bool:
        """Its month was dropped by the retention, perhaps since we began."""
        if self._before is None or id >= self._before:
            self._before = self._read_before()
        return self._before is not None and id < self._before

    def _read_before(self) -> UUID | None:
        self._cursor.execute(DROPPED)
        row = self._cursor.fetchone()
        return UUID(row[0]) if row and row[0] else None
