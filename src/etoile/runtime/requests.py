"""Each request has an identifier, sent back and written on every log line. One that failed or was slow has a line of
its own; the others have one at level DEBUG, since a line for each of thousands per second hides what matters.

The line names the route, not the path: a path may hold the key of someone's case.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse

HEADER: Final = "X-Request-ID"
ACCEPTABLE: Final = re.compile(r"[A-Za-z0-9-]{8,64}")

FAILURE: Final = 400
SLOW: Final = 0.5

NAME: Final = "etoile.request"
log = structlog.get_logger(NAME)


class RequestIdentifierMiddleware:
    """Keeps a caller's identifier if it is a sober one, else makes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        identifier = request.headers.get(HEADER, "")
        if not ACCEPTABLE.fullmatch(identifier):
            identifier = uuid.uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=identifier):
            response = self.get_response(request)
            match = request.resolver_match
            duration = time.perf_counter() - started
            remarkable = response.status_code >= FAILURE or duration > SLOW
            level = logging.INFO if remarkable else logging.DEBUG
            # Asked beforehand: preparing a line that is then thrown away costs more than the rest of this middleware.
            if logging.getLogger(NAME).isEnabledFor(level):
                log.log(
                    level,
                    "request.answered",
                    method=request.method,
                    route=match.route if match else None,
                    status=response.status_code,
                    duration_ms=round(duration * 1000, 1),
                )
        response.headers[HEADER] = identifier
        return response
