"""The memory of a simulated application: one SQLite file, which survives a restart and a kill.

An item is received once per key, whatever the number of times it is sent; a change of status and the event that tells
it to the hub are written together.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etoile.doubles.simulation.profile import Kind, Step
from etoile.sdk.faults import Clock, Switch

SCHEMA = """
CREATE TABLE IF NOT EXISTS item (
    number TEXT PRIMARY KEY, kind TEXT NOT NULL, position INTEGER NOT NULL, uuid TEXT UNIQUE,
    key TEXT, reference TEXT, subject TEXT, authority TEXT, correlation TEXT, payload TEXT NOT NULL,
    code TEXT NOT NULL, label TEXT NOT NULL, received_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    changes INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, number TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 1);
CREATE TABLE IF NOT EXISTS change (
    number TEXT NOT NULL, at INTEGER NOT NULL, code TEXT NOT NULL, label TEXT NOT NULL, message TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS document (
    id TEXT NOT NULL, number TEXT NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL, url TEXT, size INTEGER,
    sha256 TEXT, expected TEXT, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL DEFAULT 0, error TEXT, PRIMARY KEY (number, id));
CREATE TABLE IF NOT EXISTS outgoing (
    position INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL, event TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0, error TEXT);
CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, known TEXT NOT NULL, merged_into TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS untold (number TEXT PRIMARY KEY);
"""


@dataclass(slots=True)
class Item:
    """Something this application was asked to treat. Times are milliseconds since 1970."""

    number: str
    kind: str
    uuid: str
    key: str
    reference: str
    subject: str
    authority: str
    correlation: str | None
    payload: dict[str, Any]
    code: str
    label: str
    received_at: int
    changed_at: int
    changes: int


class Store:
    """One file, one connection, one lock: an application this small has no need of more. `faults`: how badly it tells
    what changed; `clock`: its time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.faults = Switch()
        self.clock = Clock()
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + SCHEMA)

    def now_ms(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def receive(
        self,
        kind: Kind,
        *,
        key: str,
        uuid: str,
        reference: str,
        payload: dict[str, Any],
        subject: str = "",
        authority: str = "",
        correlation: str | None = None,
        shown_key: str | None = None,
    ) -> tuple[Item, bool]:
        """The item of this key, and whether it is new. The number is given here, once.

        An application that knows nothing of idempotency makes its own `key` and only shows the one it was sent.
        """
        with self.transaction() as connection:
            if known := connection.execute("SELECT number FROM seen WHERE key = ?", (key,)).fetchone():
                connection.execute("UPDATE seen SET times = times + 1 WHERE key = ?", (key,))
                return self._item(known["number"]), False
            now, step = self.now_ms(), kind.steps[0]
            last = connection.execute("SELECT coalesce(max(position), 0) FROM item WHERE kind = ?", (kind.name,))
            position = last.fetchone()[0] + 1
            number = f"{kind.prefix}-{datetime.now(UTC).year}-{position:05d}"
            connection.execute(
                "INSERT INTO item VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)",
                (
                    *(
                        number,
                        kind.name,
                        position,
                        uuid,
                        key if shown_key is None else shown_key,
                        reference,
                        subject,
                        authority,
                        correlation,
                    ),
                    *(json.dumps(payload, ensure_ascii=False), step.code, step.label, now, now),
                ),
            )
            connection.execute("INSERT INTO seen VALUES (?, ?, 1)", (key, number))
            connection.execute("INSERT INTO change VALUES (?,?,?,?,?)", (number, now, step.code, step.label, ""))
            return self._item(number), True

    def note(self, number: str, *, key: str, message: str) -> None:
        """Something more about an item already there; told twice under one key, it is written once."""
        with self.transaction() as connection:
            if connection.execute("SELECT 1 FROM seen WHERE key = ?", (key,)).fetchone():
                return
            item = self._item(number)
            connection.execute("INSERT INTO seen VALUES (?, ?, 1)", (key, number))
            connection.execute(
                "INSERT INTO change VALUES (?,?,?,?,?)", (number, self.now_ms(), item.code, item.label, message)
            )

    def move(self, number: str, step: Step, message: str = "") -> Item:
        """Put an item in a step. Call `tell` in the same transaction to publish it."""
        with self.transaction() as connection:
            return self.move_in(connection, number, step, message)

    def move_in(self, connection: sqlite3.Connection, number: str, step: Step, message: str = "") -> Item:
        # Never the same millisecond twice for one item: whoever asks "since when" must see each change.
        now = max(self.now_ms(), self._item(number).changed_at + 1)
        connection.execute(
            "UPDATE item SET code = ?, label = ?, changed_at = ?, changes = changes + 1 WHERE number = ?",
            (step.code, step.label, now, number),
        )
        connection.execute(
            "INSERT INTO change VALUES (?,?,?,?,?)", (number, now, step.code, step.label, message or step.message)
        )
        return self._item(number)

    def tell(self, connection: sqlite3.Connection, number: str, event: dict[str, Any]) -> None:
        """Queue one piece of news: lost for ever, or kept back until the next one of this item, when told to."""
        fault = self.faults.strikes("lost_notification", "out_of_order")
        state = {"lost_notification": "lost", "out_of_order": "kept"}[fault.fault] if fault else "waiting"
        connection.execute(
            "INSERT INTO outgoing (number, event, state) VALUES (?, ?, ?)", (number, json.dumps(event), state)
        )
        if state == "waiting":
            connection.execute(
                "UPDATE outgoing SET state = 'waiting', position = (SELECT max(position) + 1 FROM outgoing)"
                " WHERE position = (SELECT min(position) FROM outgoing WHERE number = ? AND state = 'kept')",
                (number,),
            )

    def changed(self, connection: sqlite3.Connection, number: str) -> None:
        """For an application that is asked what changed: this item did, and says so unless told to be silent."""
        if self.faults.strikes("lost_notification"):
            connection.execute("INSERT OR IGNORE INTO untold VALUES (?)", (number,))
        else:
            connection.execute("DELETE FROM untold WHERE number = ?", (number,))

    def news(self, **criteria: str) -> list[Item]:
        """The items whose changes are told, the last changed last, or first when told to."""
        silent = {row["number"] for row in self.rows("SELECT number FROM untold")}
        found = [item for item in self.find(**criteria) if item.number not in silent]
        backwards = self.faults.strikes("out_of_order") is not None
        return sorted(found, key=lambda item: item.changed_at, reverse=backwards)

    def _item(self, number: str) -> Item:
        row = self._connection.execute("SELECT * FROM item WHERE number = ?", (number,)).fetchone()
        if row is None:
            raise KeyError(number)
        values = {name: row[name] for name in Item.__slots__}
        return Item(**{**values, "payload": json.loads(row["payload"])})

    def item(self, number: str) -> Item:
        """Raises KeyError for a number never given."""
        with self._lock:
            return self._item(number)

    def find(self, **criteria: str) -> list[Item]:
        """Items by exact column values, oldest first; without criteria, all of them."""
        unknown = set(criteria) - set(Item.__slots__)
        if unknown:
            raise ValueError(f"no such column: {', '.join(unknown)}")
        where = " AND ".join(f"{name} = ?" for name in criteria) or "1"
        with self._lock:
            rows = self._connection.execute(
                f"SELECT number FROM item WHERE {where} ORDER BY received_at, number",  # noqa: S608 names checked above
                tuple(criteria.values()),
            ).fetchall()
            return [self._item(row["number"]) for row in rows]

    def rows(self, query: str, *parameters: Any) -> list[sqlite3.Row]:
        """A reading query of the sibling modules."""
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()

    def write(self, statement: str, *parameters: Any) -> None:
        with self.transaction() as connection:
            connection.execute(statement, parameters)
