"""The address a notice points to. The room that owns the pages registers how it is made."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from etoile.gru.notices.models import Notice

Provider = Callable[[uuid.UUID], str]
OwnProvider = Callable[[Mapping[str, Any]], str]
_providers: list[Provider] = []
_own: dict[str, OwnProvider] = {}


def register(provider: Provider) -> None:
    """Give the function that makes the address of a case for the person's eyes. The last one registered answers."""
    _providers[:] = [provider]


def register_own(template: str, provider: OwnProvider) -> None:
    """Give the function that makes the address of the notices of one template from their context.

    It is called when the mail leaves: what it signs or opens is in no table.
    """
    _own[template] = provider


def address(notice: Notice) -> str:
    """The address to print, or an empty text when the notice has none to give."""
    if notice.template in _own:
        return _own[notice.template](notice.context)
    return _providers[0](notice.case_id) if notice.case_id and _providers else ""
