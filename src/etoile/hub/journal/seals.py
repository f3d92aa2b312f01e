"""The chain of seals: every entry of the journal, in the order of its number, is covered by one seal once and for all.

A seal is made off the hot path, in two rounds. One notes how far the numbers have gone, and which transactions are
running; a later one, when all of those have ended, seals up to there. An entry committed late is therefore never
missed: the number it was given is beyond the last seal until its transaction has ended. Nothing here reads a clock.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import structlog
from django.db import transaction

log = structlog.get_logger("etoile.hub.journal")

BATCH = 10_000
MARK = 32
FIRST = bytes(32)

ALONE = (
    "SELECT pg_try_advisory_xact_lock(hashtextextended('journal.seal', 0)), current_setting('transaction_isolation')"
)

LAST = """
SELECT id, at, from_number, to_number, from_key, to_key, entries, previous, hash
FROM journal_seal ORDER BY id DESC LIMIT 1
"""

# A transaction holds the lock of its own identifier, and that of the table it writes, from before it takes a number
# until after its commit can be seen. Only those that write the journal count: neither a backup nor another database
# delays a seal.
RUNNING = """
WITH held AS MATERIALIZED (
    SELECT locktype, mode, database, relation, transactionid, virtualtransaction FROM pg_locks
    WHERE granted AND pid IS DISTINCT FROM pg_backend_pid()
)
SELECT coalesce(array_agg(transactionid::text::bigint), '{}') FROM held
WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock' AND virtualtransaction IN (
    SELECT virtualtransaction FROM held
    WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND relation = 'journal_entry'::regclass
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
"""

# The line of an entry, as PostgreSQL writes a JSON array: whoever has the rows can compute it again.
LINE = """
sha256(convert_to(jsonb_build_array(e.number, e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.kind, e.actor,
                                    e.message_id, e.delivery_id, e.application, e.detail)::text, 'UTF8'))
"""

READ = f"""
SELECT e.number, e.id, {LINE} FROM journal_entry e
WHERE e.number > %s AND e.number <= %s ORDER BY e.number, e.id LIMIT %s
"""  # noqa: S608 (only constants of this file)

INSERT = """
INSERT INTO journal_seal (id, at, from_number, to_number, from_key, to_key, entries, marks, previous, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class WrongIsolationError(RuntimeError):
    """Sealing must see what is committed meanwhile: the transaction must be READ COMMITTED, PostgreSQL's default."""


@dataclass(frozen=True, slots=True)
class Seal:
    """One link. Numbers after `from_number`, up to `to_number`; `from_key`, `to_key`: the smallest, the greatest."""

    id: int
    at: datetime
    from_number: int
    to_number: int
    from_key: UUID
    to_key: UUID
    entries: int
    previous: bytes
    hash: bytes


def seal(connection: Any) -> Seal | None:
    """One round: seal what the round before noted if all of it is final, then note again. Returns the last seal made.

    None when there is nothing to seal yet, or another process is sealing. `connection`: Django's or psycopg's, READ
    COMMITTED. Two rounds at most 30 seconds apart keep every entry sealed within a minute.
    """
    with atomic(connection), connection.cursor() as cursor:
        cursor.execute(ALONE)
        alone, isolation = cursor.fetchone()
        if isolation != "read committed":
            raise WrongIsolationError(isolation)
        if not alone:
            return None
        before = last(cursor)
        noted, is_final = _noted(cursor)
        made = None
        if is_final:
            made = _seal_up_to(cursor, before, noted)
            _note(cursor, after=noted)
        return made


def last(cursor: Any) -> Seal | None:
    """The last seal, without its marks."""
    cursor.execute(LAST)
    row = cursor.fetchone()
    if row is None:
        return None
    id, at, from_number, to_number, from_key, to_key, entries, previous, digest = row
    return Seal(id, at, from_number, to_number, from_key, to_key, entries, bytes(previous), bytes(digest))


def waiting(cursor: Any) -> tuple[int, datetime | None]:
    """How many entries no seal covers yet, and when the oldest of them was written: older than a minute is late."""
    cursor.execute(
        "SELECT count(*), min(at) FROM journal_entry"
        " WHERE number > coalesce((SELECT to_number FROM journal_seal ORDER BY id DESC LIMIT 1), 0)"
    )
    number, oldest = cursor.fetchone()
    return int(number), oldest


def header(id: int, at: datetime, from_number: int, to_number: int, entries: int) -> bytes:
    """What a seal says of itself, as it goes into its hash: the time in microseconds since 1970."""
    microseconds = (at - datetime(1970, 1, 1, tzinfo=UTC)) // _MICROSECOND
    return f"{id}|{microseconds}|{from_number}|{to_number}|{entries}".encode()


def hash_of(previous: bytes, head: bytes, marks: bytes) -> bytes:
    """SHA-256 of the previous hash, the header and the SHA-256 of the marks."""
    return hashlib.sha256(previous + head + hashlib.sha256(marks).digest()).digest()


def mark(id: UUID, line: bytes) -> bytes:
    return id.bytes + bytes(line)[: MARK - 16]


@contextmanager
def atomic(connection: Any) -> Iterator[None]:
    """A transaction, or a part of the caller's, on a connection of Django or of psycopg."""
    scope = (
        connection.transaction() if isinstance(connection, psycopg.Connection) else transaction.atomic(connection.alias)
    )
    with scope:
        yield


def _noted(cursor: Any) -> tuple[int, bool]:
    """How far the round before saw the numbers go, and whether no transaction it saw is still running."""
    cursor.execute(f"SELECT number, running && ({RUNNING}) FROM journal_horizon")  # noqa: S608
    row = cursor.fetchone()
    return (int(row[0]), not row[1]) if row else (0, True)


def _note(cursor: Any, *, after: int) -> None:
    """Two statements, in this order: a number is given after its transaction has its lock, never before."""
    cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM journal_entry_number")
    (number,) = cursor.fetchone()
    if number != after:
        cursor.execute(
            f"INSERT INTO journal_horizon (number, running) SELECT %s, ({RUNNING})"
            " ON CONFLICT (single) DO UPDATE SET number = excluded.number, running = excluded.running",
            [number],
        )


def _seal_up_to(cursor: Any, before: Seal | None, number: int) -> Seal | None:
    latest = before
    while latest is None or latest.to_number < number:
        made = _seal_batch(cursor, latest, number)
        if made is None:
            break
        latest = made
    return latest if latest is not before else None


def _seal_batch(cursor: Any, before: Seal | None, up_to: int) -> Seal | None:
    start = before.to_number if before else 0
    cursor.execute(READ, [start, up_to, BATCH])
    rows: Sequence[tuple[int, UUID, bytes]] = cursor.fetchall()
    if not rows:
        return None
    # A full batch may have left some behind: the seal stops at the last it holds.
    end = rows[-1][0] if len(rows) == BATCH else up_to
    keys = [row[1] for row in rows]
    marks = b"".join(mark(id, line) for _, id, line in rows)
    previous = before.hash if before else FIRST
    number, at = (before.id + 1 if before else 1), datetime.now(UTC)
    digest = hash_of(previous, header(number, at, start, end, len(rows)), marks)
    cursor.execute(INSERT, [number, at, start, end, min(keys), max(keys), len(rows), marks, previous, digest])
    log.info("journal.sealed", number=number, count=len(rows))
    return Seal(number, at, start, end, min(keys), max(keys), len(rows), previous, digest)


_MICROSECOND = datetime.resolution
