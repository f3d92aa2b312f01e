"""The address a notice points to: under the host of its authority, where alone its pages open. The room that owns the
pages registers how the rest is made, from the slash on."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from etoile.gru.access.models import Authority
from etoile.gru.notices.models import Notice

Provider = Callable[[uuid.UUID], str]
WishesProvider = Callable[[Notice], str]
OwnProvider = Callable[[Mapping[str, Any]], str]
_providers: list[Provider] = []
_own: dict[str, OwnProvider] = {}
_wishes: list[WishesProvider] = []


def site(authority: Authority) -> str:
    """How the addresses of this authority begin, no slash at the end: its host when the GRU answers to it, else
    `GRU_PUBLIC_URL`."""
    public = urlsplit(settings.PUBLIC_URL)
    host = authority.host.lower()
    if not host or not validate_host(host, settings.ALLOWED_HOSTS):
        return str(settings.PUBLIC_URL)
    return f"{public.scheme}://{host}{f':{public.port}' if public.port else ''}"


def register(provider: Provider) -> None:
    """Give the function that makes the address of a case for the person's eyes. The last one registered answers."""
    _providers[:] = [provider]


def register_own(template: str, provider: OwnProvider) -> None:
    """Give the function that makes the address of the notices of one template from their context.

    It is called when the mail leaves: what it signs or opens is in no table.
    """
    _own[template] = provider


def register_wishes(provider: WishesProvider) -> None:
    """Give the function that makes the address of the page where the reader of a notice says what they wish."""
    _wishes[:] = [provider]


def address(notice: Notice) -> str:
    """The address to print, or an empty text when the notice has none to give."""
    if notice.template in _own:
        return site(notice.authority) + _own[notice.template](notice.context)
    return case_address(notice, str(notice.case_id or ""))


def case_address(notice: Notice, case_id: str) -> str:
    """The address of a case that a notice is about, by its identifier; empty when there is none."""
    return site(notice.authority) + _providers[0](uuid.UUID(case_id)) if case_id and _providers else ""


def wishes_address(notice: Notice) -> str:
    """Where its reader chooses what to receive; ends with a slash. Empty when no page does."""
    return site(notice.authority) + _wishes[0](notice) if _wishes else ""
