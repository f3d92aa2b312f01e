"""The only writer of messages and journal entries. Every function works on a DB-API cursor, in its transaction."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from etoile.contract.identifiers import uuid7


@dataclass(frozen=True, slots=True)
class NewMessage:
    """An event ready to be written, with the hash of what was received.

    `subscriptions`: who is to receive it, what the reconciliation holds the deliveries to. `expected` False: nobody
    had to receive it, and nobody does. `reference`: that of its case.
    """

    id: UUID
    source: str
    event_id: str
    type: str
    subject: str
    authority: str
    sequence: int | None
    correlation_id: str | None
    routed: bool
    payload: str
    digest: bytes
    reference: str | None = None
    expected: bool = True
    subscriptions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal already holds under a key (source, event id)."""

    message_id: UUID
    digest: bytes


KINDS = {"routed": "message.accepted", "unrouted": "message.unrouted", "kept": "message.kept"}

# One statement takes the locks, claims the keys and writes messages and entries. The locks come first, in the order
# of their number, so that two transactions never wait for each other; then the keys, in their order, for the
# same reason. A key already taken by a transaction still running makes this one wait for its end. The messages
# go as one JSON text, which costs a third less than an array for each column.
APPEND = """
WITH item AS MATERIALIZED (
    SELECT *, decode(hexadecimal, 'hex') AS digest FROM json_to_recordset(%(items)s::json) AS t(
        id uuid, source text, event_id text, type text, subject text, authority text, sequence bigint,
        correlation_id text, reference text, state text, payload text, hexadecimal text, entry_id uuid,
        entry_kind text, entry_detail jsonb
    )
), lane AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(number) FROM (
        SELECT DISTINCT hashtextextended(subject, 0) AS number FROM item ORDER BY 1
    ) numbers
), accepted AS (
    INSERT INTO journal_message_key (source, event_id, digest, message_id)
    SELECT source, event_id, digest, id FROM item WHERE (SELECT count(*) FROM lane) > 0 ORDER BY source, event_id
    ON CONFLICT DO NOTHING RETURNING message_id
), message AS (
    INSERT INTO journal_message (id, received_at, source, event_id, type, subject, authority, sequence,
                                 correlation_id, reference, state, payload)
    SELECT id, %(now)s, source, event_id, type, subject, authority, sequence, correlation_id, reference, state, payload
    FROM item JOIN accepted ON accepted.message_id = item.id
), entry AS (
    INSERT INTO journal_entry (id, at, kind, actor, message_id, application, detail)
    SELECT entry_id, %(now)s, entry_kind, %(actor)s, id, source, entry_detail
    FROM item JOIN accepted ON accepted.message_id = item.id
)
SELECT message_id FROM accepted
"""


def append(cursor: Any, messages: Sequence[NewMessage], *, actor: str, now: datetime) -> set[UUID]:
    """Write the messages whose key is new, each with its journal entry, in one statement.

    Takes, until the end of the transaction, one advisory lock per subject: what is submitted to the delivery
    engine afterwards gets its position in the order of acceptance. Returns the ids written; the others have a key
    that exists already, see `known`.
    """
    items = orjson.dumps([_row(message) for message in messages]).decode()
    cursor.execute(APPEND, {"items": items, "actor": actor, "now": now})
    return {row[0] for row in cursor.fetchall()}


def _row(message: NewMessage) -> dict[str, Any]:
    state = "routed" if message.routed else "unrouted" if message.expected else "kept"
    digest = message.digest.hex()
    return {
        "id": str(message.id),
        "source": message.source,
        "event_id": message.event_id,
        "type": message.type,
        "subject": message.subject,
        "authority": message.authority,
        "sequence": message.sequence,
        "correlation_id": message.correlation_id,
        "reference": message.reference,
        "state": state,
        "payload": message.payload,
        "hexadecimal": digest,
        "entry_id": str(uuid7()),
        "entry_kind": KINDS[state],
        # What was received and what is kept differ when an application calls persons by its own aliases.
        "entry_detail": {
            "digest": digest,
            "payload": hashlib.sha256(message.payload.encode()).hexdigest(),
            "subscriptions": message.subscriptions,
        },
    }


def known(cursor: Any, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    """What the journal holds under these keys (source, event id)."""
    cursor.execute(
        "SELECT k.source, k.event_id, k.message_id, k.digest FROM journal_message_key k"
        " JOIN unnest(%s::text[], %s::text[]) AS t(source, event_id) USING (source, event_id)",
        [[source for source, _ in keys], [event_id for _, event_id in keys]],
    )
    return {(row[0], row[1]): Known(row[2], bytes(row[3])) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry about one delivery, see `record`."""

    message_id: UUID
    delivery_id: UUID
    application: str | None
    detail: Mapping[str, Any]


def record_many(cursor: Any, kind: str, entries: Sequence[NewEntry], *, actor: str) -> None:
    """Write one entry for each of many deliveries, in one statement."""
    cursor.execute(
        "INSERT INTO journal_entry (id, at, kind, actor, message_id, delivery_id, application, detail)"
        " SELECT t.id, now(), %s, %s, t.message_id, t.delivery_id, t.application, t.detail::jsonb"
        " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[])"
        " AS t(id, message_id, delivery_id, application, detail)",
        [
            kind,
            actor,
            [uuid7() for _ in entries],
            [entry.message_id for entry in entries],
            [entry.delivery_id for entry in entries],
            [entry.application for entry in entries],
            [json.dumps(entry.detail) for entry in entries],
        ],
    )


def record(
    cursor: Any,
    kind: str,
    *,
    actor: str,
    message_id: UUID | None = None,
    delivery_id: UUID | None = None,
    application: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> UUID:
    """Write one entry. `kind` is `thing.what_happened`; `actor` an application's slug, an operator's e-mail or `hub`.

    `detail` is kept for ever: no secret and no content of a case in it.
    """
    entry_id = uuid7()
    cursor.execute(
        "INSERT INTO journal_entry (id, at, kind, actor, message_id, delivery_id, application, detail)"
        " VALUES (%s, now(), %s, %s, %s, %s, %s, %s::jsonb)",
        [entry_id, kind, actor, message_id, delivery_id, application, json.dumps(detail or {})],
    )
    return entry_id
