"""Keyset pages: the key that the address carries, and the addresses of the neighbours."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from etoile.design.parts import Pages

AFTER, BEFORE = "apres", "avant"


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def keys_of(request: HttpRequest) -> tuple[UUID | None, UUID | None]:
    """The page asked begins after the first key, or ends before the second; both None for the first page."""
    after, before = key_of(request.GET.get(AFTER, "")), key_of(request.GET.get(BEFORE, ""))
    return (after, None) if after else (None, before)


def pages(request: HttpRequest, next_key: str, previous_key: str = "") -> Pages:
    kept = {name: value for name, value in request.GET.items() if name not in (AFTER, BEFORE) and value}
    return Pages(previous_href=_href(kept, BEFORE, previous_key), next_href=_href(kept, AFTER, next_key))


def _href(kept: Mapping[str, str], name: str, key: str) -> str:
    return f"?{urlencode({**kept, name: key})}" if key else ""
