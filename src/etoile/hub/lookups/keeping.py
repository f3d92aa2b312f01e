"""Answers that may be given again. The table says neither what was asked (its key is an HMAC of the question) nor what
was answered (sealed): both keys are made of HUB_ENCRYPTION_KEY."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from etoile.hub.registry import vault
from etoile.hub.registry.directory import LookupView


@dataclass(frozen=True, slots=True)
class Kept:
    """`fresh`: it can be given without asking; else only when nobody answers."""

    data: Any
    provider: str
    at: datetime
    fresh: bool

    def __repr__(self) -> str:
        return f"<Kept of {self.provider}>"


FIND = "SELECT sealed, fresh_until > now() FROM lookups_kept WHERE key = %s AND stale_until > now()"
KEEP = """
INSERT INTO lookups_kept (key, lookup, sealed, fresh_until, stale_until)
VALUES (%s, %s, %s, now() + make_interval(secs => %s::float8), now() + make_interval(secs => %s::float8))
ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed, fresh_until = excluded.fresh_until,
                                stale_until = excluded.stale_until
"""


def key(view: LookupView, query: dict[str, Any]) -> bytes:
    """What names a question. Other providers, settings or a form of answer make another name."""
    secret = hashlib.sha256(b"etoile hub lookups\0" + settings.HUB_ENCRYPTION_KEYS[0].encode()).digest()
    asked = json.dumps([view.name, view.fingerprint, query], sort_keys=True, ensure_ascii=False)
    return hmac.digest(secret, asked.encode(), "sha256")


def find(cursor: Any, view: LookupView, query: dict[str, Any]) -> Kept | None:
    """The last answer known to a question, fresh or stale."""
    if not view.cache_seconds:
        return None
    cursor.execute(FIND, [key(view, query)])
    row = cursor.fetchone()
    if row is None:
        return None
    try:
        held = json.loads(vault.decrypt(row[0]))
    except vault.UndecipherableError:
        # Sealed by a key that is gone: as if it had not been kept.
        return None
    return Kept(held["data"], held["provider"], datetime.fromisoformat(held["at"]), row[1])


def keep(cursor: Any, view: LookupView, query: dict[str, Any], data: Any, provider: str, at: datetime) -> None:
    """Keep an answer for as long as the lookup says."""
    if not view.cache_seconds:
        return
    sealed = vault.encrypt(json.dumps({"data": data, "provider": provider, "at": at.isoformat()}, ensure_ascii=False))
    cursor.execute(
        KEEP, [key(view, query), view.name, sealed, view.cache_seconds, view.cache_seconds + view.stale_seconds]
    )


def purge(cursor: Any) -> int:
    """Delete what may not be given any more. Returns how many answers."""
    cursor.execute("DELETE FROM lookups_kept WHERE stale_until <= now()")
    return int(cursor.rowcount)
