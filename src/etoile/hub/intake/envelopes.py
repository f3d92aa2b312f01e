"""What was posted: the media type, the size, the events. Nothing of it is trusted yet."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from etoile.contract.envelope import BATCH, STRUCTURED, EnvelopeError, Event, parse_batch
from etoile.contract.problem import Violation
from etoile.hub.intake.problems import RefusedError, refused

JSON = "application/json"


def media_type(request: HttpRequest) -> str:
    """STRUCTURED, BATCH or JSON (the binary form, which has `ce-*` headers). Raises RefusedError (415)."""
    given = (request.content_type or "").lower()
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    binary = given == JSON and "HTTP_CE_SPECVERSION" in request.META
    if charset not in ("utf-8", "utf8", "us-ascii") or (given not in (STRUCTURED, BATCH) and not binary):
        raise refused(
            415,
            "unsupported-media-type",
            "The body is not an event this hub can read.",
            f"Send {STRUCTURED}, {BATCH}, or {JSON} with ce-* headers, in UTF-8.",
        )
    return given


def read(request: HttpRequest, media_type: str) -> bytes:
    """The body, never more of it than its limit. Raises RefusedError (413)."""
    limit = settings.HUB_LARGEST_BATCH if media_type == BATCH else settings.HUB_LARGEST_EVENT
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    body = request.read(limit + 1)
    if len(body) > limit:
        raise _too_large(limit)
    return body


def events(media_type: str, headers: Mapping[str, str], body: bytes) -> list[Event]:
    """The events posted; one, unless a batch. Raises RefusedError (400, 413)."""
    try:
        if media_type == BATCH:
            return _batch(body)
        return [Event.from_json(body) if media_type == STRUCTURED else Event.from_binary(headers, body)]
    except EnvelopeError as error:
        raise refused(
            400, "invalid-envelope", "This is not an event of the contract.", errors=error.violations
        ) from error


def _batch(body: bytes) -> list[Event]:
    events = parse_batch(body)
    if not events:
        raise EnvelopeError([Violation("", "A batch holds at least one event.")])
    if len(events) > settings.HUB_MOST_EVENTS:
        raise refused(
            413, "too-large", "The batch is too large.", f"A batch holds at most {settings.HUB_MOST_EVENTS} events."
        )
    return events


def _too_large(limit: int) -> RefusedError:
    return refused(413, "too-large", "The body is too large.", f"It may have {limit} bytes at most.")
