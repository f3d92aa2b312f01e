"""What an agent asks of the matching room, and how its refusals are said."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages as notes
from django.http import Http404, HttpRequest

from etoile.gru.matching.errors import MatchingError, NotWithinReach

Made = TypeVar("Made")


def done(request: HttpRequest, act: Callable[[], Made], words: str = "") -> Made | None:
    """What `act` made, with these words for the agent; None once they were told why not. Whoever is out of reach does
    not exist."""
    try:
        made = act()
    except NotWithinReach as nothing:
        raise Http404 from nothing
    except MatchingError as refusal:
        notes.error(request, str(refusal))
        return None
    if words:
        notes.success(request, words)
    return made
