"""Where a form is filled: the portal, or the pages of an agent who enters a request for somebody. Same form, same
rules; another key, another frame around it, another sending.

A frame is known by the namespace of its addresses. Its pages are named as the portal's: `page`, `summary`, `done`,
`later`, `prolong`, `abandon`, each under a procedure's slug and a draft.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language

from etoile.gru.accounts import services as accounts
from etoile.gru.accounts import sessions
from etoile.gru.accounts.models import How
from etoile.gru.filling import keys, services
from etoile.gru.filling.opened import Filling
from etoile.gru.portal import identified
from etoile.gru.portal.requests import authority_of
from etoile.gru.recognition import requests

PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Frame:
    """`key` opens a draft; `send` sends it, given the declarations, and raises as `filling.services.confirm`; `left`
    names the page one is led to when a draft is no more, under a slug."""

    key: Callable[[HttpRequest, uuid.UUID], str | None]
    send: Callable[[HttpRequest, Filling, Mapping[str, Any]], object]
    left: str


def _send(request: HttpRequest, filling: Filling, declarations: Mapping[str, Any]) -> object:
    """By who is signed in, it is theirs and kept in their space; by nobody, it is somebody new's."""
    identifier, session = filling.draft.id, sessions.current(request)
    with transaction.atomic():
        if session is not None:
            accounts.keep(session.account, identifier, How.STARTED)
        case = services.confirm(
            identifier,
            keys.key_of(request, identifier),
            authority=authority_of(request),
            declarations=declarations,
            language=(get_language() or "fr")[:2],
            person=session.account.person_id if session is not None else None,
            identity=identified.level(request),
        )
        if session is not None:
            requests.note(case, session)
    return case


_FRAMES = {PORTAL: Frame(keys.key_of, _send, "portal:procedure")}


def register(within: str, frame: Frame) -> None:
    """`within` is the namespace of its addresses; its pages stand in the template `<within>/frame.html`."""
    _FRAMES[within] = frame


def frame_of(within: str) -> Frame:
    return _FRAMES[within]
