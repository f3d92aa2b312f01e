"""Keyset pages: the key that the address carries, and the addresses of the neighbours."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from etoile.design.parts import Pages


def key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def pages(request: HttpRequest, next_key: str) -> Pages:
    following = request.GET.copy()
    following["avant"] = next_key
    first = {name: value for name, value in request.GET.items() if name != "avant"}
    return Pages(
        previous_href=f"?{urlencode(first)}" if "avant" in request.GET else "",
        next_href=f"?{following.urlencode()}" if next_key else "",
    )
