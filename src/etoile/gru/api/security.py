"""Who calls: a bearer token of a client bound to an authority, with the scope that the operation wants."""

import hashlib

from django.http import HttpRequest
from ninja.security import HttpBearer
from oauth2_provider.models import get_access_token_model

from etoile.gru.api import pace
from etoile.gru.api.allowed import Allowed
from etoile.gru.api.problems import ANNOUNCED


class Needs(HttpBearer):
    """`auth=Needs("cases:read")`; what the client may do is then `request.auth`. Two statements a request."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Allowed | None:
        digest = hashlib.sha256(token.encode()).hexdigest()
        found = (
            get_access_token_model()
            .objects.select_related("application__authority", "application__limits")
            .filter(token_checksum=digest)
            .first()
        )
        if found is None or found.is_expired() or found.application is None or found.application.authority is None:
            return None
        setattr(request, ANNOUNCED, pace.take(found.application).headers)
        allowed = Allowed.of(found.application, found.application.authority, found.scope)
        allowed.need(self.scope)
        return allowed


def allowed(request: HttpRequest) -> Allowed:
    """What the client of this request may do, once `Needs` has let it in."""
    found: Allowed = request.auth  # type: ignore[attr-defined]
    return found
