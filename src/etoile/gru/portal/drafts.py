"""The drafts this browser holds the key of, to take one up again from the page of its procedure."""

import uuid

from django.http import HttpRequest

from etoile.gru.access.models import Authority
from etoile.gru.filling import keys
from etoile.gru.filling.errors import DraftUnknown
from etoile.gru.filling.opened import Filling, resume

_PREFIX = "brouillon-"
MOST = 3


def unfinished(request: HttpRequest, authority: Authority, slug: str) -> list[Filling]:
    """Drafts of this procedure not yet sent, at most a few; no statement for a browser that holds no key."""
    found = []
    for identifier in _identifiers(request):
        try:
            filling = resume(identifier, keys.key_of(request, identifier), authority=authority)
        except DraftUnknown:
            continue
        if filling.version.procedure.slug == slug and filling.draft.confirmed_at is None:
            found.append(filling)
    return found


def _identifiers(request: HttpRequest) -> list[uuid.UUID]:
    names = [name.removeprefix(_PREFIX) for name in request.COOKIES if name.startswith(_PREFIX)]
    # Identifiers grow with time: the latest drafts first.
    return [uuid.UUID(hex=name) for name in sorted(names, reverse=True) if _is_hex(name)][:MOST]


def _is_hex(name: str) -> bool:
    return len(name) == 32 and all(c in "0123456789abcdef" for c in name)
