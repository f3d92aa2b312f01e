"""Answers of applications that cannot be applied: about a case the hub does not know, or not as the contract says.

What was said is kept with its content, which is personal data: it never goes to the journal, and is erased once the
answer is applied or discarded. An answer about an unknown number is applied by itself when the number becomes known:
the news overtook the acknowledgement.

What could not even be read (a returned file) waits here too, with the words that say what to do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.hub.delivery import engine, mailbox, publication, returned, services, stored
from etoile.hub.delivery.engine import Claim
from etoile.hub.delivery.reasons import required
from etoile.hub.delivery.strange import LONGEST, REFUSED, UNKNOWN_CASE, UNREADABLE, RefusedError, status_of
from etoile.hub.journal import services as journal
from etoile.hub.registry import directory
from etoile.hub.registry.directory import ApplicationView, Snapshot

log = structlog.get_logger("etoile.hub.quarantine")

SLICE = 100
HUB = "hub"

COLUMNS = "q.id, q.application_id, q.delivery_id, q.message_id, q.external_id, q.reason, q.content::text"
WAITING = f"SELECT {COLUMNS} FROM delivery_quarantined q WHERE q.state = 'waiting'"  # noqa: S608
# What the acknowledgement has caught up with.
CAUGHT_UP = f"""{WAITING} AND q.reason = 'unknown_case' AND EXISTS (
    SELECT FROM delivery_external_reference r
    JOIN delivery_delivery d ON d.id = r.delivery_id JOIN journal_message m ON m.id = d.message_id
    WHERE r.application_id = q.application_id AND r.external_id = q.external_id)
ORDER BY q.id LIMIT %s
"""
CLAIMS = """
SELECT d.id, d.message_id, d.subscription_id, d.application_id, d.subject, d.position, d.token, d.attempts,
       d.attempts - d.tries_from, '', m.payload
FROM delivery_delivery d JOIN journal_message m ON m.id = d.message_id WHERE d.id = ANY(%s::uuid[])
"""
REFERENCES = """
SELECT r.application_id, r.external_id, r.delivery_id FROM delivery_external_reference r
JOIN unnest(%s::bigint[], %s::text[]) AS t(application_id, external_id) USING (application_id, external_id)
"""
SETTLE = """
UPDATE delivery_quarantined SET state = %s, content = NULL, settled_at = now(), settled_by = %s
WHERE id = ANY(%s::uuid[]) AND state = 'waiting' RETURNING id, application_id, external_id, status, reason
"""
SPOIL = "UPDATE delivery_quarantined SET reason = 'refused', detail = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Reprocessed:
    """How many answers were applied, and how many still cannot be."""

    applied: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    application_id: int
    delivery_id: UUID | None
    message_id: UUID | None
    external_id: str | None
    reason: str
    content: str | None


def waiting_count(cursor: Any) -> int:
    """How many answers wait for a person, or for their case to be known. What could not be read has an alarm."""
    cursor.execute("SELECT count(*) FROM delivery_quarantined WHERE state = 'waiting' AND reason <> 'unreadable'")
    return int(cursor.fetchone()[0])


def reprocess(ids: Iterable[UUID] | None, *, actor: str, reason: str) -> Reprocessed:
    """Try again to apply these answers, or all. In slices, each of which is done whole or not at all.

    A published event named by its id is let go as it is: a person has looked. Raises ReasonMissingError.
    """
    required(reason)
    asked = None if ids is None else list(ids)
    applied, seen, last = 0, 0, UUID(int=0)
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            narrowed = "" if asked is None else " AND q.id = ANY(%(ids)s::uuid[])"
            cursor.execute(
                f"{WAITING} AND q.id > %(last)s{narrowed} ORDER BY q.id LIMIT %(limit)s",
                {"ids": asked, "last": last, "limit": SLICE},
            )
            rows = [Row(*row) for row in cursor.fetchall()]
            if not rows:
                return Reprocessed(applied, seen - applied)
            snapshot = directory.current(cursor)
            applied += _apply(cursor, rows, snapshot, actor=actor, reason=reason, named=asked is not None)
            seen, last = seen + len(rows), rows[-1].id


def catch_up(cursor: Any, snapshot: Snapshot) -> int:
    """Apply what became known since: a few at a time, called now and then by one worker. Returns how many."""
    cursor.execute(CAUGHT_UP, [SLICE])
    rows = [Row(*row) for row in cursor.fetchall()]
    return _apply(cursor, rows, snapshot, actor=HUB, reason="", named=False) if rows else 0


def discard(ids: Iterable[UUID], *, actor: str, reason: str) -> int:
    """Put these answers aside for good, and erase what they say. Returns how many. Raises ReasonMissingError."""
    required(reason)
    asked = list(ids)
    return sum(_discard(asked[start : start + SLICE], actor, reason) for start in range(0, len(asked), SLICE))


def _discard(ids: list[UUID], actor: str, reason: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        chosen = f"{WAITING} AND q.id = ANY(%s::uuid[]) ORDER BY q.id"
        cursor.execute(chosen, [ids])
        messages = [row.message_id for row in map(_row, cursor.fetchall()) if row.content is None and row.message_id]
        engine.lock(cursor, [subject for _, _, subject in _held(cursor, messages)])
        cursor.execute(f"{chosen} FOR UPDATE", [ids])
        rows = [_row(values) for values in cursor.fetchall()]
        held = _held(cursor, [row.message_id for row in rows if row.content is None and row.message_id])
        if held:
            services.cancel([id for id, _, _ in held], actor=actor, reason=reason)
        return _settled(cursor, "discarded", [row.id for row in rows], actor, reason, directory.current(cursor))


def _row(values: Sequence[Any]) -> Row:
    return Row(*values)


def _apply(cursor: Any, rows: Sequence[Row], snapshot: Snapshot, *, actor: str, reason: str, named: bool) -> int:
    """Subjects are locked first, then the rows; what somebody settled meanwhile is passed over."""
    claims = _claims(cursor, rows)
    held = _held(cursor, [row.message_id for row in rows if row.content is None and row.message_id])
    engine.lock(cursor, [claim.subject for claim in claims.values()] + [subject for _, _, subject in held])
    cursor.execute(f"{WAITING} AND q.id = ANY(%s::uuid[]) ORDER BY q.id FOR UPDATE", [[row.id for row in rows]])
    applications = {view.id: view for view in snapshot.applications.values()}
    applied = []
    for row in (Row(*values) for values in cursor.fetchall()):
        claim = claims.get(row.id)
        if row.reason == UNREADABLE:
            continue  # nothing of it is known that could be applied: it is given again, or put aside
        if row.content is None:
            done = named or claim is not None
            if done:
                engine.replay(cursor, [id for id, message_id, _ in held if message_id == row.message_id])
        else:
            known = applications.get(row.application_id)
            done = known is not None and claim is not None and _applied(cursor, row, claim, known, snapshot)
        applied += [row.id] if done else []
    return _settled(cursor, "applied", applied, actor, reason, snapshot)


def _applied(cursor: Any, row: Row, claim: Claim, application: ApplicationView, snapshot: Snapshot) -> bool:
    """One answer, as if it had just been said. What fails leaves no trace but its reason."""
    cursor.execute("SAVEPOINT answer")
    try:
        publication.publish(cursor, _events(row, claim, application), snapshot)
        if row.reason == UNKNOWN_CASE:
            mailbox.confirm(cursor, claim, row.external_id, snapshot)
    except Exception as error:
        log.warning("quarantine.not_applied", error=type(error).__name__, count=1)
        cursor.execute("ROLLBACK TO SAVEPOINT answer")
        # Its case is known: from now on only a person tries it again.
        words = str(error) if isinstance(error, RefusedError) else type(error).__name__
        cursor.execute(SPOIL, [words[:LONGEST], row.id])
        return False
    cursor.execute("RELEASE SAVEPOINT answer")
    return True


def _events(row: Row, claim: Claim, application: ApplicationView) -> list[Event]:
    key, status = status_of(row.content or "")
    original = stored.read(claim.payload)
    events = returned.events([status], original, application, key=key, external_id=row.external_id)
    wrong = [f"{one.pointer}: {one.detail}" for event in events for one in schemas.violations(event)]
    if wrong:
        raise RefusedError("; ".join(wrong[:5]))
    return events


def _claims(cursor: Any, rows: Sequence[Row]) -> dict[UUID, Claim]:
    """The delivery each answer is about: the one it came with, or the one its number is known by."""
    about: dict[UUID, UUID | None] = {
        row.id: row.delivery_id for row in rows if row.delivery_id and row.reason == REFUSED
    }
    numbered = [row for row in rows if row.id not in about and row.external_id]
    if numbered:
        cursor.execute(REFERENCES, [[row.application_id for row in numbered], [row.external_id for row in numbered]])
        numbers = {(found[0], found[1]): found[2] for found in cursor.fetchall()}
        about |= {row.id: numbers.get((row.application_id, row.external_id or "")) for row in numbered}
    cursor.execute(CLAIMS, [[delivery for delivery in about.values() if delivery]])
    found = {claim.id: claim for claim in (Claim(*values) for values in cursor.fetchall())}
    return {id: found[delivery] for id, delivery in about.items() if delivery is not None and delivery in found}


def _held(cursor: Any, messages: Sequence[UUID]) -> list[tuple[UUID, UUID, str]]:
    """The deliveries kept back of these messages: (delivery, message, subject)."""
    if not messages:
        return []
    cursor.execute(
        "SELECT id, message_id, subject FROM delivery_delivery"
        " WHERE message_id = ANY(%s::uuid[]) AND state = 'held' AND outcome = 'doubtful'",
        [list(messages)],
    )
    rows: list[tuple[UUID, UUID, str]] = cursor.fetchall()
    return rows


def _settled(cursor: Any, state: str, ids: Sequence[UUID], actor: str, reason: str, snapshot: Snapshot) -> int:
    if not ids:
        return 0
    cursor.execute(SETTLE, [state, actor, list(ids)])
    settled = cursor.fetchall()
    slugs = {view.id: slug for slug, view in snapshot.applications.items()}
    for id, application_id, external_id, status, kind in settled:
        detail = {"quarantine": str(id), "external_id": (external_id or "")[:200], "status": status, "was": kind}
        journal.record(
            cursor, f"quarantine.{state}", actor=actor, application=slugs.get(application_id),
            detail=detail | ({"reason": reason} if reason else {}),
        )  # fmt: skip
    return len(settled)
