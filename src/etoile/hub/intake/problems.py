"""Refusals: raised anywhere in the intake, answered as `application/problem+json`."""

import json
from collections.abc import Mapping, Sequence

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse
from psycopg.errors import ReadOnlySqlTransaction

from etoile.contract.problem import MEDIA_TYPE, Problem, Violation


class RefusedError(Exception):
    """The caller is told why; nothing was stored."""

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{problem.status} {problem.kind}")
        self.problem = problem
        self.headers = dict(headers or {})


def refused(
    status: int,
    kind: str,
    title: str,
    detail: str = "",
    *,
    errors: Sequence[Violation] = (),
    headers: Mapping[str, str] | None = None,
) -> RefusedError:
    return RefusedError(Problem(kind=kind, title=title, status=status, detail=detail, errors=tuple(errors)), headers)


def answer(refusal: RefusedError) -> HttpResponse:
    body = json.dumps(refusal.problem.to_dict(), ensure_ascii=False)
    return HttpResponse(body, status=refusal.problem.status, content_type=MEDIA_TYPE, headers=refusal.headers)


GENERIC = {
    400: ("malformed", "The request cannot be understood."),
    401: ("unauthorized", "A valid token is needed."),
    403: ("forbidden", "This is not allowed."),
    404: ("not-found", "There is nothing at this address."),
    405: ("method-not-allowed", "This address does not answer this method."),
    413: ("too-large", "The body is too large."),
    429: ("too-many-requests", "Too many requests."),
    503: ("unavailable", "The hub cannot answer now. Nothing was stored: try again."),
}


def generic(status: int, headers: Mapping[str, str] | None = None) -> RefusedError:
    """The problem of a status nobody said more about; what is unknown is `internal` and says nothing of the inside."""
    kind, title = GENERIC.get(status, ("internal", "The hub failed. The failure is in its log."))
    return refused(status, kind, title, headers=headers)


def unavailable() -> RefusedError:
    """The database does not answer, not in time, or cannot write; the caller may come back soon."""
    return generic(503, {"Retry-After": "2"})


def passes(error: Exception) -> bool:
    """True for what ends without the caller changing anything: no connection, no room, a server that only reads."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    # A server that has become a standby, or that is protected, refuses writes under a class of errors of its own.
    return isinstance(error, InternalError) and isinstance(error.__cause__, ReadOnlySqlTransaction)
