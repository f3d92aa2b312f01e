"""The HTTP API of the hub: its operations, its refusals, its OpenAPI document."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from etoile.contract.problem import Violation
from etoile.hub.intake import (
    administration_api,
    deliveries_api,
    events_api,
    lookups_api,
    mailbox_api,
    operation,
    operation_api,
    receivers_api,
    registry_api,
    trials_api,
    watch_api,
)
from etoile.hub.intake.authentication import OAuth2
from etoile.hub.intake.problems import RefusedError, answer, generic, refused


class HubAPI(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = HubAPI(
    title="Étoile, the hub",
    version=version("etoile"),
    description="Publish events, take those you subscribed to, follow deliveries, ask lookups. Under /v1/hub/,"
    " operate the hub: scopes hub:…, of a credential declared for operation. Errors are problems (RFC 9457).",
    urls_namespace="v1",
    openapi_url=None,
    docs_url=None,
)
ROUTERS = (
    *(events_api.router, mailbox_api.router, registry_api.router, lookups_api.router),
    receivers_api.router,
    *(deliveries_api.router, operation_api.router, administration_api.router, trials_api.router),
    *(watch_api.router, lookups_api.operation),
)
for router in ROUTERS:
    api.add_router("", router)


@api.exception_handler(RefusedError)
def on_refusal(request: HttpRequest, refusal: RefusedError) -> HttpResponse:
    return answer(refusal)


def on_known_error(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(operation.told(error))


for known in operation.KNOWN:
    api.add_exception_handler(known, on_known_error)


@api.exception_handler(ValidationError)
def on_invalid_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [Violation(_pointer(each), str(each["msg"])) for each in error.errors]
    return answer(refused(422, "invalid-request", "The request is not what this address expects.", errors=errors))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer(generic(error.status_code))


@api.exception_handler(DataError)
@api.exception_handler(UnicodeEncodeError)
def on_unstorable_text(request: HttpRequest, error: Exception) -> HttpResponse:
    """U+0000, or half of a surrogate pair: neither the database nor other readers can take it."""
    return answer(refused(400, "malformed", "A text of the request holds a character that cannot be kept."))


@api.exception_handler(Http404)
def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(generic(404))


def scopes() -> dict[str, str]:
    """The scope each operation asks for, by the name of its view; those open to all are absent."""
    return {
        operation.view_func.__name__: auth.scope
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
        for auth in operation.auth_callbacks
        if isinstance(auth, OAuth2)
    }


def guarded_urls() -> Any:
    """The routes of the API, each marked with the scope that guards it: a test lists those that are not."""
    urls: Any = api.urls
    routes, *names = urls
    needed = scopes()
    for route in routes:
        route.callback.guarded = needed.get(route.name, "")
    return (routes, *names)


def _pointer(error: Mapping[str, Any]) -> str:
    """A place in the body, or the name of a parameter; what the framework calls the body's argument is left out."""
    source, *path = error["loc"]
    return "".join(f"/{part}" for part in (path[1:] if source == "body" else path))
