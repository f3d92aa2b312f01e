"""What may be kept of recorded exchanges: their shape, no secret, nothing of a person.

The rules are those of the hub's evidence (`sdk.redaction`), with two differences. A value that is hidden leaves one of
its kind, so that the connector reads the answer as it read the true one: a number is 0, a date 2000-01-01, a text "…".
And of an answer that is not about our own invented message (a list of changes, say), only single words under the names
that explain (a code, a number) are kept: a sentence might speak of somebody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from etoile.sdk.exchanges import Call
from etoile.sdk.redaction import MASK, Redaction, clean

RECEIVED = ("content-type", "retry-after", "location", "etag")
SENT = ("accept", "content-type", "depth", "soapaction")
DATED = re.compile(r"\d{4}-\d\d-\d\d(?P<rest>[T ][\d:.]+)?(?P<zone>Z|[+-]\d\d:?\d\d)?")
LONGEST = 64 * 1024


@dataclass(frozen=True)
class Fixture(Redaction):
    """`ours`: the answers are about the event, which is invented; otherwise they may be about anybody."""

    ours: bool = True

    def masked(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return 0
        dated = DATED.fullmatch(value) if isinstance(value, str) else None
        if dated is None:
            return MASK
        return "2000-01-01" + re.sub(r"\d", "0", dated["rest"] or "") + (dated["zone"] or "")

    def words(self, text: str) -> str:
        if not self.ours and len(text.split()) > 1:
            return MASK
        return super().words(text)


def kept(calls: Sequence[Call], redaction: Fixture) -> list[dict[str, Any]]:
    """The exchanges, in order, fit for a file that anybody may read."""
    return [_exchange(call, redaction) for call in calls]


def _exchange(call: Call, redaction: Fixture) -> dict[str, Any]:
    parts = urlsplit(redaction.url(call.url))
    request = {
        "method": call.method,
        "path": clean(parts.path + (f"?{parts.query}" if parts.query else "")),
        "headers": _headers(call.request_headers, SENT),
        "body": _read("" if call.sent is None else redaction.request(call.sent)),
    }
    if call.status is None:
        return {"request": request, "error": call.error}
    response = {
        "status": call.status,
        "headers": _headers(call.response_headers, RECEIVED),
        "body": _with_token(_read(redaction.response(call.body) if call.body else "")),
    }
    return {"request": request, "response": response}


def _with_token(body: Any) -> Any:
    """The answer of a token service stays one: a token is sent in a header, which "…" cannot be."""
    return {**body, "access_token": "masque"} if isinstance(body, dict) and "access_token" in body else body


def _headers(headers: Mapping[str, str], chosen: Sequence[str]) -> dict[str, str]:
    lowered = {name.lower(): value for name, value in headers.items()}
    return {name: clean(lowered[name]) for name in chosen if name in lowered}


def _read(body: str) -> Any:
    """JSON as a value, so that a person can read the file; anything else as text."""
    text = clean(body[:LONGEST])
    try:
        return json.loads(text)
    except ValueError:
        return text
