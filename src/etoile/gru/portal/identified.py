"""Who somebody is, for the procedures that ask: the level of their session, the button that gives it, and what is
written of it beside the request."""

from typing import Any

from django.http import HttpRequest

from etoile.gru.accounts import sessions
from etoile.gru.filling.identified import is_enough
from etoile.gru.forms.definition import Definition
from etoile.gru.portal.space import platforms
from etoile.gru.portal.space.guard import NEXT


def level(request: HttpRequest) -> str:
    """What the platform that opened this session has proved; empty for a passphrase, or without a session."""
    session = sessions.current(request)
    return session.level if session is not None and session.platform else ""


def asked(request: HttpRequest, definition: Definition) -> dict[str, Any]:
    """For a page: what is missing and how to show it; empty when nothing is."""
    if is_enough(definition, level(request)):
        return {}
    return {
        "identify": True,
        "signed_in": sessions.current(request) is not None,
        "platforms": platforms.offered(definition.identity),
        "next": request.get_full_path(),
        "next_name": NEXT,
    }
