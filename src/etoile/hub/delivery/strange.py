"""What an application said and cannot be applied is kept as it was said; `quarantine` decides about it afterwards."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from etoile.contract.identifiers import uuid7
from etoile.hub.journal import services as journal
from etoile.hub.registry.directory import ApplicationView
from etoile.sdk import Returned

UNKNOWN_CASE, REFUSED, UNREADABLE = "unknown_case", "refused", "unreadable"


class RefusedError(ValueError):
    """The contract refuses it, in words that hold no value of it."""


LONGEST = 500

# What cannot be read and comes again after somebody put it aside waits again: it is as unreadable as before.
KEEP = """
INSERT INTO delivery_quarantined (id, at, seen_at, application_id, subscription_id, delivery_id, message_id,
                                  external_id, status, reason, detail, digest, content, state)
SELECT t.*, 'waiting'
FROM (SELECT id, now(), now(), application_id, subscription_id, delivery_id, message_id, external_id, status, reason,
             detail, decode(digest, 'hex'), content::jsonb
      FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[],
                  %s::text[], %s::text[], %s::text[])
           AS u(id, application_id, subscription_id, delivery_id, message_id, external_id, status, reason, detail,
                digest, content) ORDER BY digest) t
ON CONFLICT (application_id, digest) DO UPDATE
    SET seen_at = now(), times = delivery_quarantined.times + 1,
        state = CASE WHEN excluded.reason = 'unreadable' THEN 'waiting' ELSE delivery_quarantined.state END,
        settled_at = CASE WHEN excluded.reason = 'unreadable' THEN NULL ELSE delivery_quarantined.settled_at END,
        settled_by = CASE WHEN excluded.reason = 'unreadable' THEN NULL ELSE delivery_quarantined.settled_by END
RETURNING id
"""
# A published answer is placed by its number, or by its case.
UNPLACED = """
SELECT t.rank FROM unnest(%(external_id)s::text[], %(subject)s::text[]) WITH ORDINALITY AS t(external_id, subject, rank)
WHERE NOT EXISTS (SELECT FROM delivery_external_reference r
                  WHERE r.application_id = %(application_id)s AND r.external_id = t.external_id)
  AND NOT EXISTS (SELECT FROM journal_message m WHERE m.subject = t.subject AND m.source <> %(source)s)
"""


@dataclass(frozen=True, slots=True)
class Strange:
    """One answer that cannot be applied. `name`: of its status. `status` is None for a published event: the journal has
    its content. `key`: what makes its event the same whenever it is applied (see `returned`), or what makes something
    unreadable the same.
    """

    application: ApplicationView
    reason: str
    name: str
    status: Returned | None = None
    key: str = ""
    external_id: str | None = None
    subscription_id: int | None = None
    delivery_id: UUID | None = None
    message_id: UUID | None = None
    detail: str = ""


def keep(cursor: Any, strange: Sequence[Strange]) -> int:
    """Keep these answers, in the caller's transaction; one that is known already is only counted once more.

    The journal is told once of each, by its number and its status: nothing of what it says. Returns how many are new.
    """
    if not strange:
        return 0
    unique = {(each.application.id, _digest(each)): each for each in strange}
    rows = [_columns(each, digest) for (_, digest), each in unique.items()]
    cursor.execute(KEEP, [list(column) for column in zip(*rows, strict=True)])
    made = {row[0] for row in cursor.fetchall()}
    fresh = [(row[0], each) for row, each in zip(rows, unique.values(), strict=True) if row[0] in made]
    for id, each in fresh:
        detail = {
            "quarantine": str(id),
            "external_id": _clean(each.external_id or "")[:200],
            "status": _clean(each.name)[:50],
            "why": _clean(each.detail)[:LONGEST],
        }
        journal.record(
            cursor, f"status.{each.reason}", actor=each.application.slug, message_id=each.message_id,
            delivery_id=each.delivery_id, application=each.application.slug, detail=detail,
        )  # fmt: skip
    return len(fresh)


def unplaced(cursor: Any, application: ApplicationView, said: Sequence[tuple[str, str]]) -> set[int]:
    """Of these (external number, subject) an application publishes, the places of those the hub has never heard of."""
    values = {"external_id": [each[0] for each in said], "subject": [each[1] for each in said]}
    cursor.execute(UNPLACED, {**values, "application_id": application.id, "source": application.slug})
    return {row[0] - 1 for row in cursor.fetchall()}


def status_of(content: str) -> tuple[str, Returned]:
    """The key and the status of what was kept. Raises ValueError when it is not a status."""
    kept = json.loads(content)
    try:
        facts = dict(kept["status"])
        facts["occurred_at"] = datetime.fromisoformat(facts["occurred_at"])
        return kept["key"], Returned(**facts)
    except (KeyError, TypeError) as error:
        raise ValueError("what was kept is not a status") from error


def _columns(each: Strange, digest: str) -> list[Any]:
    content = _content(each)
    return [
        uuid7(), each.application.id, each.subscription_id, each.delivery_id, each.message_id,
        None if each.external_id is None else _clean(each.external_id), _clean(each.name)[:50], each.reason,
        _clean(each.detail)[:LONGEST], digest, None if content is None else json.dumps(content),
    ]  # fmt: skip


def _digest(each: Strange) -> str:
    about = [each.reason, each.external_id, str(each.message_id), str(each.delivery_id), _content(each)]
    if each.reason == UNREADABLE:
        about.append(each.key)
    return hashlib.sha256(json.dumps(about, sort_keys=True, default=str).encode()).hexdigest()


def _content(each: Strange) -> dict[str, Any] | None:
    if each.status is None:
        return None
    # A connector may bring back anything: what is not a status is kept as the words it is made of.
    facts = asdict(each.status) if isinstance(each.status, Returned) else {"said": each.status}
    return {"key": each.key, "status": _plain(facts)}


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in facts.items()}


def _value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    return value.isoformat() if isinstance(value, datetime) else _clean(str(value))


def _clean(words: str) -> str:
    """What PostgreSQL accepts: no NUL, no half of a pair."""
    return words.replace("\x00", "").encode("utf-8", "replace").decode()
