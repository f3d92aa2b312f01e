"""The address a notice points to. The room that owns the pages registers how it is made."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from etoile.gru.notices.models import Notice

Provider = Callable[[uuid.UUID], str]
WishesProvider = Callable[[Notice], str]
OwnProvider = Callable[[Mapping[str, Any]], str]
_providers: list[Provider] = []
_own: dict[str, OwnProvider] = {}
_wishes: list[WishesProvider] = []


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
        return _own[notice.template](notice.context)
    return _providers[0](notice.case_id) if notice.case_id and _providers else ""


def case_address(case_id: str) -> str:
    """The address of a case by its identifier as a context keeps it; empty when there is none."""
    return _providers[0](uuid.UUID(case_id)) if case_id and _providers else ""


def wishes_address(notice: Notice) -> str:
    """Where its reader chooses what to receive; ends with a slash. Empty when no page does."""
    return _wishes[0](notice) if _wishes else ""
