"""What the operator's part of the API shares: who decides, how a list is turned, how what is wrong is told.

Everything under /v1/hub/ is what the console does, for machines. It asks for a scope `hub:…`, which only a credential
declared for operation can hold: an application, whatever its scopes, sees its own events and nothing else.
"""

from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, ValidationError

from etoile.contract.problem import Violation, escape
from etoile.hub.intake.callers import Caller
from etoile.hub.intake.problems import RefusedError, refused
from etoile.hub.registry import directory
from etoile.hub.registry.changes import By
from etoile.hub.registry.directory import ApplicationView, Snapshot, SubscriptionView
from etoile.hub.registry.editing import ChangedMeanwhileError
from etoile.hub.registry.operators import LastAdministratorError
from etoile.hub.registry.star import StarError
from etoile.runtime.background import RETRY_AFTER, BusyError

READ, OPERATE, ADMINISTER = "hub:read", "hub:operate", "hub:administer"
Row = TypeVar("Row", bound=Model)
Part = TypeVar("Part", bound=BaseModel)


def caller_of(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller


def actor(request: HttpRequest) -> str:
    """Who decides, in the journal: the application and its credential."""
    caller = caller_of(request)
    return f"{caller.application} ({caller.credential})"


def by(request: HttpRequest, reason: str) -> By:
    return By(actor(request), reason)


def registry(request: HttpRequest) -> Snapshot:
    with connection.cursor() as cursor:
        return directory.current(cursor, version=caller_of(request).registry_version)


def fresh() -> Snapshot:
    """The registry after a change made by this very request."""
    with connection.cursor() as cursor:
        return directory.current(cursor)


def subscription_of(snapshot: Snapshot, slug: str) -> SubscriptionView:
    """Raises RefusedError (404)."""
    for view in snapshot.subscriptions.values():
        if view.slug == slug:
            return view
    raise refused(404, "not-found", "There is no such subscription.")


def application_of(snapshot: Snapshot, slug: str) -> ApplicationView:
    """Raises RefusedError (404)."""
    if slug not in snapshot.applications:
        raise refused(404, "not-found", "There is no such application.")
    return snapshot.applications[slug]


def page(
    request: HttpRequest, response: HttpResponse, rows: QuerySet[Row], after: UUID | None, limit: int
) -> list[Row]:
    """The latest first; the next page is in the `Link` header, rel="next", absent on the last one."""
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: limit + 1])
    if len(found) > limit:
        following(request, response, str(found[limit - 1].pk))
    return found[:limit]


def following(request: HttpRequest, response: HttpResponse, key: str) -> None:
    query = request.GET.copy()
    query["after"] = key
    response["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'


def told(error: Exception) -> RefusedError:
    """The refusal that says what went wrong in the registry, or in a connector asked too often."""
    if isinstance(error, StarError):
        errors = [
            Violation("".join(f"/{escape(str(part))}" for part in each.place), each.message) for each in error.problems
        ]
        return refused(422, "invalid-registry", "This does not make sense in the registry.", errors=errors)
    if isinstance(error, ChangedMeanwhileError):
        return refused(412, "changed-meanwhile", "It was changed since you read it.", "Read it again, then change it.")
    if isinstance(error, LastAdministratorError):
        return refused(409, "last-administrator", "Without an administrator nobody could give roles any more.")
    if isinstance(error, BusyError):
        title = "Too many are waiting for an application already. Nothing was done: try again."
        return refused(503, "busy", title, headers={"Retry-After": str(RETRY_AFTER)})
    raise error


KNOWN = (StarError, ChangedMeanwhileError, LastAdministratorError, BusyError)


def seen(request: HttpRequest) -> str | None:
    """The version of `If-Match`, None when it is not given or is `*`."""
    given = request.headers.get("If-Match", "").strip()
    return None if given in ("", "*") else given.removeprefix("W/").strip('"')


def tagged(response: HttpResponse, version: str) -> None:
    response["ETag"] = f'"{version}"'


def plain(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def part_of(model: type[Part], name: str, given: str, values: dict[str, Any], *, key: str = "slug") -> Part:
    """The part of a star file that was sent, under the name of the address. Raises RefusedError (422)."""
    if given not in ("", name):
        raise refused(422, "invalid-request", "The name in the body is not that of the address.")
    try:
        return model.model_validate({**values, key: name})
    except ValidationError as error:
        raise misshapen(error) from None


def misshapen(error: ValidationError) -> RefusedError:
    found = error.errors(include_url=False, include_input=False)
    errors = [Violation("".join(f"/{part}" for part in each["loc"]), str(each["msg"])) for each in found]
    return refused(422, "invalid-request", "The request is not what this address expects.", errors=errors)
