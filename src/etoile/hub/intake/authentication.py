"""The bearer token of an application, as the API's operations ask for it."""

from typing import Any

from django.db import connection
from django.http import HttpRequest
from ninja.security.base import AuthBase

from etoile.hub.intake.callers import Caller, identify
from etoile.hub.registry import directory
from etoile.hub.registry.directory import ApplicationView, Snapshot
from etoile.hub.registry.scopes import SCOPES


class OAuth2(AuthBase):
    """Asks for a token that has one scope; raises RefusedError (401, 403)."""

    openapi_type = "oauth2"
    openapi_flows = {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES}}

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller:
        with connection.cursor() as cursor:
            caller = identify(cursor, request.headers.get("Authorization"))
        caller.needs(self.scope)
        return caller


def known(request: HttpRequest, cursor: Any) -> tuple[ApplicationView, Snapshot]:
    """The application of an authenticated request, and the registry it was found in."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    snapshot = directory.current(cursor, version=caller.registry_version)
    return snapshot.application(caller.application), snapshot
