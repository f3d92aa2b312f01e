"""Keyset pages: an opaque cursor, and a `Link` header to the next page (RFC 8288)."""

import base64
import binascii
import uuid
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from etoile.gru.api.problems import Refusal

LIMIT = 100


def cursor_of(position: tuple[str, uuid.UUID]) -> str:
    return base64.urlsafe_b64encode(f"{position[0]} {position[1]}".encode()).decode().rstrip("=")


def position_of(cursor: str) -> tuple[str, uuid.UUID] | None:
    """What a cursor says; an empty one is the first page. Raises `Refusal` for one that we did not make."""
    if not cursor:
        return None
    try:
        at, identifier = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        datetime.fromisoformat(at)
        return at, uuid.UUID(identifier)
    except (ValueError, binascii.Error) as error:
        raise Refusal(422, "invalid-data", "Ce curseur n'est pas l'un des nôtres", errors=[("/after", "")]) from error


def announce_next(request: HttpRequest, response: HttpResponse, cursor: str) -> None:
    """Add `Link: <…>; rel="next"`, keeping the other parameters."""
    parameters = {**request.GET.dict(), "after": cursor}
    response["Link"] = f'<{request.build_absolute_uri(request.path)}?{urlencode(parameters)}>; rel="next"'
