"""The switch of the operator: a product at rest answers 503 everywhere, and needs neither its database nor its tables.

The switch is a file, `<ETOILE_DATA>/maintenance/<product>.json`: there, the product rests. It is looked at on each
request, so that neither switching on nor off needs a restart. Health and the style sheets go on answering.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone, translation

RETRY_AFTER: Final = 600
SOONEST: Final = 60
SERVICE_UNAVAILABLE: Final = 503
# The page runs nothing and loads nothing but the style of this site.
POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Rest:
    """`until` is when the operator expects it to end (aware), None when that was not said."""

    until: datetime | None = None

    def retry_after(self, now: datetime) -> int:
        """Seconds before asking again is worth it."""
        if self.until is None or self.until <= now:
            return RETRY_AFTER
        return max(SOONEST, int((self.until - now).total_seconds()))


def switch(data: Path, product: str) -> Path:
    """The file whose presence puts a product at rest."""
    return data / "maintenance" / f"{product}.json"


def begin(file: Path, until: datetime | None = None) -> None:
    """Switch on, or say another hour. Whole or not at all: a reader never meets half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(json.dumps({"until": until.isoformat() if until else None}), encoding="utf-8")
    draft.replace(file)


def end(file: Path) -> bool:
    """Switch off; False when it was off."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True


def current(file: Path) -> Rest | None:
    """None while the product works. A file that cannot be read means rest too: somebody put it there."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):
        return Rest()
    try:
        until = datetime.fromisoformat(said["until"])
    except (KeyError, TypeError, ValueError):
        return Rest()
    return Rest(until if until.tzinfo else until.replace(tzinfo=UTC))


class MaintenanceMiddleware:
    """Answers in the product's place while the switch is on; placed before anything that opens a connection."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.static = "/" + settings.STATIC_URL.lstrip("/")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        rest = None if request.path.startswith(self.static) else current(settings.MAINTENANCE_FILE)
        return self.get_response(request) if rest is None else answer(request, rest)


def answer(request: HttpRequest, rest: Rest) -> HttpResponse:
    """A page for a person, a problem (RFC 9457) for a program; both say when to come back."""
    if "text/html" in request.headers.get("Accept", ""):
        response = HttpResponse(_page(request, rest), status=SERVICE_UNAVAILABLE)
        response.headers["Content-Security-Policy"] = POLICY
    else:
        problem = {"type": "about:blank", "title": "At rest for maintenance", "status": SERVICE_UNAVAILABLE}
        response = JsonResponse(problem, status=SERVICE_UNAVAILABLE, content_type="application/problem+json")
    response.headers["Retry-After"] = str(rest.retry_after(timezone.now()))
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, rest: Rest) -> str:
    expected = rest.until if rest.until and rest.until > timezone.now() else None
    with translation.override(translation.get_language_from_request(request)):
        try:
            return render_to_string("503.html", {"until": expected})
        except TemplateDoesNotExist:
            return "<!doctype html><title>503</title><p>At rest for maintenance. Please come back in a while."
