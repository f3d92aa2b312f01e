"""The evidence of a try: what was exchanged with the application, redacted before it is kept.

    {"calls": [{"method", "url", "status", "milliseconds",
                "request": {"headers", "body", "cut"}, "response": {"headers", "body", "cut"}}]}

Whole, up to `LONGEST` characters a body, for a try that did not succeed. A success keeps its line and the beginning of
the answer, so that the way everything takes stays cheap. `error` instead of an answer says why none came.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from etoile.contract.envelope import Event
from etoile.hub.registry.directory import SubscriptionView
from etoile.sdk.exchanges import Call
from etoile.sdk.redaction import MASK, Redaction, clean

LONGEST, LONGEST_OF_A_SUCCESS, LONGEST_HEADER = 4096, 200, 200
SENT = ("accept", "content-type", "idempotency-key", "soapaction", "webhook-id", "webhook-timestamp")
RECEIVED = ("content-length", "content-type", "date", "retry-after", "server", "x-request-id", "x-correlation-id")
# What names an exchange without saying anything of it: not hidden even where it looks like a telephone number.
PLAIN = frozenset({"content-length", "content-type", "date", "retry-after", "webhook-timestamp", "accept"})


def of(
    calls: Sequence[Call], event: Event, subscription: SubscriptionView, *, succeeded: bool
) -> dict[str, Any] | None:
    """What may be kept of these calls, made to deliver `event` (as it was accepted). None when there was no call."""
    if not calls:
        return None
    written = (subscription.configuration, subscription.mapping)
    redaction = Redaction(event, written, _secrets(calls, subscription))
    told = _line if succeeded else _whole
    return {"calls": [told(call, redaction) for call in calls]}


def _line(call: Call, redaction: Redaction) -> dict[str, Any]:
    return {
        **_begun(call, redaction),
        "request": {"headers": {}, "body": "", "cut": True},
        "response": _response(call, redaction, ("content-type",), LONGEST_OF_A_SUCCESS),
    }


def _whole(call: Call, redaction: Redaction) -> dict[str, Any]:
    body = "" if call.sent is None else redaction.request(call.sent)
    headers = _headers(call.request_headers, SENT, redaction)
    return {
        **_begun(call, redaction),
        **({"error": call.error} if call.error else {}),
        "request": {"headers": headers, **_cut(body, LONGEST)},
        "response": _response(call, redaction, RECEIVED, LONGEST),
    }


def _begun(call: Call, redaction: Redaction) -> dict[str, Any]:
    return {
        "method": call.method,
        "url": clean(redaction.url(call.url)),
        "status": call.status,
        "milliseconds": call.milliseconds,
    }


def _response(call: Call, redaction: Redaction, chosen: Iterable[str], longest: int) -> dict[str, Any]:
    headers = _headers(call.response_headers, chosen, redaction)
    return {"headers": headers, **_cut(redaction.response(call.body) if call.body else "", longest)}


def _cut(body: str, longest: int) -> dict[str, Any]:
    return {"body": clean(body[:longest]), "cut": len(body) > longest}


def _headers(headers: Mapping[str, str], chosen: Iterable[str], redaction: Redaction) -> dict[str, str]:
    lowered = {name.lower(): value for name, value in headers.items()}
    found = {name: lowered[name][:LONGEST_HEADER] for name in chosen if name in lowered}
    return {name: clean(value if name in PLAIN else _header(value, redaction)) for name, value in found.items()}


def _header(value: str, redaction: Redaction) -> str:
    opened = redaction.opened(value)
    return opened if opened != MASK else redaction.words(value)


def _secrets(calls: Sequence[Call], subscription: SubscriptionView) -> tuple[str, ...]:
    """What is configured as secret, and every header that is not of those kept: it may carry a credential."""
    unusual = [text for call in calls for name, text in call.request_headers.items() if name.lower() not in SENT]
    return (*subscription.secrets.values(), *(part for value in unusual for part in value.split()))
