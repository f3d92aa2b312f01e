"""Who calls: a bearer token of a client bound to an authority, with the scope that the operation wants."""

import hashlib

from django.http import HttpRequest
from ninja.security import HttpBearer
from oauth2_provider.models import get_access_token_model

from etoile.gru.access.models import ApiClient
from etoile.gru.api.problems import Refusal


class Needs(HttpBearer):
    """`auth=Needs("cases:read")`; the client is then `request.auth`. One statement a request."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiClient | None:
        digest = hashlib.sha256(token.encode()).hexdigest()
        found = (
            get_access_token_model()
            .objects.select_related("application__authority")
            .filter(token_checksum=digest)
            .first()
        )
        if found is None or found.is_expired() or found.application is None or found.application.authority is None:
            return None
        if not found.allow_scopes([self.scope]):
            raise Refusal(403, "forbidden", "Ce jeton n'ouvre pas cette opération", f"Droit nécessaire : {self.scope}.")
        client: ApiClient = found.application
        return client
