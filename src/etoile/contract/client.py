"""A client of the hub for an application: publish events, read one's mailbox, follow what was published.

Synchronous, on urllib3 with connections kept alive. One client serves one sender; several threads may share it.

Publishing twice is harmless: the hub recognises (source, id), so every call here is tried again, within `budget`
seconds, on a lost connection, a 429 or a 5xx, with jitter and honouring `Retry-After`. What remains is either
HubUnavailable (nothing is known to be wrong with the request: keep it and try later) or HubRefused (the request will
never pass as it is: `problem` says why).

    POST /oauth/token          client credentials in HTTP Basic -> {access_token, expires_in}
    POST /v1/rehearsals        a batch -> {items: [{id, receivers: [{application, subscription, reads, values, …}]}]}
    POST /v1/events            one event or a batch -> 202 {id, duplicate, deliveries} or {events: [those, ...]}
    GET  /v1/events/{id}       and /v1/events/{id}/deliveries -> {items: [...]}
    GET  /v1/mailbox?limit=    -> {items: [{delivery, event}]}
    POST /v1/mailbox/acks      {acks: [{delivery, outcome, external_id, message}]}
    POST /v1/lookups/{name}    {query, purpose, procedure} -> {result, data, provider, at, freshness, code, message, …}
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from etoile.contract.envelope import BATCH, STRUCTURED, Event
from etoile.contract.problem import Problem
from etoile.contract.transport import Answer, HubUnavailable, Token, Transport

__all__ = ["Ack", "HubClient", "HubRefused", "HubUnavailable", "LookupAnswer", "MailItem", "Receipt"]

_JSON = "application/json"


class HubRefused(Exception):
    """The hub answered no. `problem.status` and `problem.kind` are for programs, `problem.detail` for people."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.kind}: {problem.detail or problem.title}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Receipt:
    """The hub has committed the event. `id` is the hub's own identifier of it; `status` is "accepted" or "duplicate"
    (the hub had it already, with the same content). `deliveries`: how many it made of it; None when it was known
    already, or when the hub does not say."""

    status: str
    id: str
    duplicate: bool
    deliveries: int | None = None


@dataclass(frozen=True, slots=True)
class MailItem:
    """One delivery waiting in the mailbox of an application that pulls."""

    delivery: str
    event: Event


@dataclass(frozen=True, slots=True)
class Ack:
    """What the application did of a delivery.

    `outcome`: acknowledged, accepted, retry, fix_data, fix_configuration, business_no or manual; `message` in French.
    """

    delivery: str
    external_id: str | None = None
    outcome: str = "acknowledged"
    message: str = ""

    def to_dict(self) -> dict[str, Any]:
        raw = {"delivery": self.delivery, "outcome": self.outcome, "external_id": self.external_id}
        return {**raw, "message": self.message}


@dataclass(frozen=True, slots=True)
class LookupAnswer:
    """What became of a question: `result` is found, not_found, refused or unavailable.

    `data` (when found) follows the lookup's schema; `at` is ISO 8601; `freshness` is fresh, cached or stale. Otherwise
    `code` is for a program, `message` (French) for a person, `instead` what to ask of the person.
    """

    result: str
    data: dict[str, Any] | None = None
    provider: str | None = None
    at: str | None = None
    freshness: str | None = None
    code: str | None = None
    message: str = ""
    instead: str | None = None

    def __repr__(self) -> str:
        # It is about a person.
        return f"<LookupAnswer {self.result}>"

    @property
    def found(self) -> bool:
        return self.result == "found"


class HubClient:
    """`base_url` such as https://hub.example.org; `timeout` in seconds for one exchange, `budget` for all its tries."""

    def __init__(
        self, base_url: str, client_id: str, client_secret: str, timeout: float = 10, *, budget: float = 20
    ) -> None:
        self._transport = Transport(base_url.rstrip("/"), timeout=timeout, budget=budget)
        self._token = Token(self._transport, client_id, client_secret)

    def publish(self, event: Event) -> Receipt:
        """Hands one event over; when it returns, the hub has committed it."""
        answer = self._call("POST", "/v1/events", event.to_json(), STRUCTURED)
        return _receipt(_object(answer))

    def publish_batch(self, events: Sequence[Event]) -> list[Receipt]:
        """All or nothing, in order; HubRefused names the events by their index ("/3/source")."""
        body = b"[" + b",".join(event.to_json() for event in events) + b"]"
        receipts = _items(self._call("POST", "/v1/events", body, BATCH), "events")
        if len(receipts) != len(events):
            raise HubUnavailable("The hub's answer does not have one receipt for each event.")
        return [_receipt(each) for each in receipts]

    def mailbox(self, limit: int = 20) -> list[MailItem]:
        """The deliveries waiting, oldest first. They stay until they are acknowledged."""
        answer = self._call("GET", f"/v1/mailbox?{urlencode({'limit': limit})}")
        return [MailItem(str(each["delivery"]), Event.from_dict(each["event"])) for each in _items(answer, "items")]

    def acknowledge(self, acks: Sequence[Ack]) -> None:
        """Tells what became of deliveries; repeating it is harmless."""
        body = json.dumps({"acks": [each.to_dict() for each in acks]}, ensure_ascii=False).encode()
        self._call("POST", "/v1/mailbox/acks", body, _JSON)

    def event(self, id: str) -> dict[str, Any]:
        """What the hub knows of an event this application published."""
        return _object(self._call("GET", f"/v1/events/{quote(id, safe='')}"))

    def deliveries_of(self, id: str) -> list[dict[str, Any]]:
        """The deliveries of an event this application published."""
        return _items(self._call("GET", f"/v1/events/{quote(id, safe='')}/deliveries"), "items")

    def lookup(
        self, name: str, query: Mapping[str, Any], *, purpose: str, procedure: str, budget: float = 8
    ) -> LookupAnswer:
        """Asks a question through the hub, and waits; somebody is waiting behind, so `budget` (s) is for all the tries.

        HubUnavailable: nothing is known, as when the answer says `unavailable`. HubRefused: this may not be asked so.
        """
        body = {"query": query, "purpose": purpose, "procedure": procedure}
        path, content = f"/v1/lookups/{quote(name, safe='')}", json.dumps(body, ensure_ascii=False).encode()
        raw = _object(self._call("POST", path, content, _JSON, budget=budget))
        if raw.get("result") not in ("found", "not_found", "refused", "unavailable"):
            raise HubUnavailable("The answer is not the hub's: the result of a lookup was expected.")
        known: dict[str, Any] = {each: raw[each] for each in LookupAnswer.__slots__ if raw.get(each) is not None}
        return LookupAnswer(**known)

    def rehearse(self, events: Sequence[Event], *, budget: float = 5) -> list[list[dict[str, Any]]]:
        """What would become of these events, that the hub does not keep: for each, who would take it, which places of
        its data each receiver `reads` ({path, by, required}), what its mapping gives (`values`). Somebody is waiting
        behind, so `budget` (s) is for all the tries."""
        body = b"[" + b",".join(event.to_json() for event in events) + b"]"
        items = _items(self._call("POST", "/v1/rehearsals", body, BATCH, budget=budget), "items")
        if len(items) != len(events) or not all(isinstance(each.get("receivers"), list) for each in items):
            raise HubUnavailable("The hub's answer does not have the receivers of each event.")
        return [each["receivers"] for each in items]

    def close(self) -> None:
        """Closes the kept connections."""
        self._transport.close()

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str | None = None,
        budget: float | None = None,
    ) -> Answer:
        headers = {"accept": _JSON}
        if content_type:
            headers["content-type"] = content_type
        until = time.monotonic() + (self._transport.budget if budget is None else budget)
        answer = self._authorized(method, path, body, headers, until)
        if answer.status == 401:
            self._token.forget()
            answer = self._authorized(method, path, body, headers, until)
        if not 200 <= answer.status < 300:
            raise HubRefused(_problem(answer))
        return answer

    def _authorized(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], until: float
    ) -> Answer:
        token = self._token.value(until)
        if isinstance(token, Answer):
            raise HubRefused(_problem(token))
        return self._transport.exchange(method, path, body, {**headers, "authorization": f"Bearer {token}"}, until)


def _problem(answer: Answer) -> Problem:
    raw = answer.json()
    if isinstance(raw, Mapping) and "type" in raw:
        return Problem.from_dict(raw, status=answer.status)
    # OAuth errors (RFC 6749 §5.2) and a proxy's page are not problem documents.
    detail = str(raw.get("error_description") or raw.get("error") or "") if isinstance(raw, Mapping) else ""
    return Problem("unreadable" if raw is None else "oauth", "The hub refused the request.", answer.status, detail)


def _object(answer: Answer) -> dict[str, Any]:
    raw = answer.json()
    if not isinstance(raw, dict):
        # A proxy's page in a 200 proves nothing: the event may not have arrived.
        raise HubUnavailable("The answer is not the hub's: a JSON object was expected.")
    return raw


def _items(answer: Answer, name: str) -> list[dict[str, Any]]:
    items = _object(answer).get(name)
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise HubUnavailable(f'The answer is not the hub\'s: a list "{name}" was expected.')
    return items


def _receipt(raw: Mapping[str, Any]) -> Receipt:
    id, duplicate = raw.get("id"), raw.get("duplicate")
    if not isinstance(id, str) or not isinstance(duplicate, bool):
        raise HubUnavailable("The answer is not the hub's: a receipt of the event was expected.")
    made = raw.get("deliveries")
    deliveries = made if isinstance(made, int) and not duplicate else None
    return Receipt("duplicate" if duplicate else "accepted", id, duplicate, deliveries)
