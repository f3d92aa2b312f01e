"""May this application say this? Checks in the order in which their answers are given; the first that fails answers."""

from collections.abc import Sequence
from typing import Any

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.contract.problem import Problem, Violation
from etoile.contract.schemas import MESSAGE_TYPES
from etoile.hub.intake.problems import RefusedError
from etoile.hub.registry import pairwise
from etoile.hub.registry.addresses import within
from etoile.hub.registry.directory import ApplicationView


def check_one(event: Event, application: ApplicationView) -> None:
    """Raises RefusedError with everything the failing check has to say."""
    problem = _examine(event, application)
    if problem is not None:
        raise RefusedError(problem)


def check_batch(events: Sequence[Event], application: ApplicationView) -> None:
    """Raises RefusedError for the first event that fails, with the errors of all of them by index: all or nothing."""
    found = [(index, _examine(event, application)) for index, event in enumerate(events)]
    failures = [(index, problem) for index, problem in found if problem is not None]
    if failures:
        first = failures[0][1]
        errors = tuple(violation.under(index) for index, problem in failures for violation in problem.errors)
        detail = f"{len(failures)} of {len(events)} events are refused; none was stored."
        raise RefusedError(Problem(first.kind, first.title, first.status, detail, errors))


def _examine(event: Event, application: ApplicationView) -> Problem | None:
    if event.source != application.slug:
        return _said(403, "foreign-source", "/source", f"This token speaks for {application.slug} alone.")
    if event.authority not in application.authorities:
        return _said(403, "foreign-authority", "/authority", "The application is not registered for this authority.")
    if event.type not in MESSAGE_TYPES:
        return _said(
            422, "unknown-message-type", "/type", "The contract has no message of this type: see /v1/catalogue."
        )
    if event.type not in application.emits:
        return _said(403, "type-not-in-contract", "/type", "The contract of the application does not let it emit this.")
    violations = schemas.violations(event)
    if violations:
        title = "The data does not follow the schema of its type."
        return Problem("invalid-data", title, 422, errors=tuple(violations))
    return _persons(event, application) or _documents(event, application)


def _persons(event: Event, application: ApplicationView) -> Problem | None:
    try:
        schemas.rewrite(event, "person", lambda value: pairwise.original(application, value))
    except pairwise.ForeignIdentifierError:
        detail = "This identifier of a person was not given to this application."
        return _said(422, "foreign-person", "/data", detail)
    return None


def _documents(event: Event, application: ApplicationView) -> Problem | None:
    foreign: list[str] = []

    def look(document: Any) -> Any:
        if not within(document["url"], application.document_base_url):
            foreign.append(document["id"])
        return document

    schemas.rewrite(event, "document", look)
    if not foreign:
        return None
    title = "A document is not at an address of the application."
    detail = f"Addresses begin with {application.document_base_url or '(no address is registered)'}."
    return Problem(
        "foreign-document", title, 422, detail, [Violation("/data", f"Document {name}.") for name in foreign]
    )


def _said(status: int, kind: str, pointer: str, detail: str) -> Problem:
    return Problem(kind, detail, status, errors=(Violation(pointer, detail),))
