"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a write sent twice is done once.

The key is claimed in the transaction of the write, so that a kill leaves both or neither. Keys are kept for a week.
Events need none: their source and id are their key, for ever.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest

from etoile.hub.intake.problems import refused

HEADER = "Idempotency-Key"
LONGEST = 128
CLAIM = """
WITH past AS (DELETE FROM intake_idempotency_key WHERE at < now() - interval '7 days')
INSERT INTO intake_idempotency_key (application, key, digest) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""


def once(request: HttpRequest, application: str, write: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `write` answers, or what it answered the first time under this key. Raises RefusedError (400, 422)."""
    # The draft says a quoted string; many clients leave the quotes out.
    key = request.headers.get(HEADER, "").strip().strip('"')
    if not key:
        return write()
    if len(key) > LONGEST or not key.isprintable():
        raise refused(400, "malformed", f"{HEADER} is a text of {LONGEST} characters at most.")
    digest = hashlib.sha256(b"\0".join([str(request.method).encode(), request.path.encode(), request.body])).digest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [application, key, digest])
        if cursor.rowcount == 0:
            return _first_answer(cursor, application, key, digest)
        answer = write()
        cursor.execute(
            "UPDATE intake_idempotency_key SET answer = %s WHERE application = %s AND key = %s",
            [json.dumps(answer), application, key],
        )
    return answer


def _first_answer(cursor: Any, application: str, key: str, digest: bytes) -> dict[str, Any]:
    cursor.execute(
        "SELECT digest, answer FROM intake_idempotency_key WHERE application = %s AND key = %s", [application, key]
    )
    first, answer = cursor.fetchone()
    if bytes(first) != digest:
        raise refused(422, "idempotency-key-reused", f"This {HEADER} was used for another request.")
    told: dict[str, Any] = json.loads(answer)
    return told
