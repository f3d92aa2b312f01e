"""Questions asked at once: by an application that may, and, under /v1/hub/, by who operates the hub."""

import json
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from ninja import Router

from etoile.hub.intake.authentication import OAuth2, known
from etoile.hub.intake.lookup_shapes import (
    HubLookup,
    HubLookups,
    LookupIn,
    LookupKept,
    LookupOffers,
    LookupOut,
    LookupTry,
    TriedOut,
)
from etoile.hub.intake.operation import ADMINISTER, OPERATE, READ, actor, by, part_of, plain, registry, seen, tagged
from etoile.hub.intake.operation_shapes import CheckLines, Facts, Reasoned
from etoile.hub.intake.problems import RefusedError, refused
from etoile.hub.lookups import failing, services, standings
from etoile.hub.lookups.questions import Answer, NotAllowedError, Question
from etoile.hub.registry import calling, changes, editing
from etoile.hub.registry.directory import LookupView, ProviderView, Snapshot
from etoile.hub.registry.star import LookupPart

router = Router(tags=["lookups"])
operation = Router(tags=["operation"], auth=OAuth2(READ))

LARGEST_QUERY = 16 * 1024
OFFER = ("name", "title", "timeout", "instead", "query", "answer")
TOLD = ("result", "data", "provider", "at", "freshness", "code", "message", "instead")
SHOWN = ("name", "title", "active", "instead", "timeout", "cache_seconds", "stale_seconds", "purposes")


@router.get("/lookups", response=LookupOffers, auth=OAuth2("lookups"), summary="What you may ask")
def lookups(request: HttpRequest) -> dict[str, Any]:
    """The lookups this application may ask, for which purposes, and the forms of question and answer."""
    with connection.cursor() as cursor:
        application, snapshot = known(request, cursor)
    return {
        "items": [
            {**plain(view, OFFER), "purposes": {each: view.purposes[each] for each in sorted(mine)}}
            for view in snapshot.lookups.values()
            if view.active and (mine := view.readers.get(application.slug))
        ]
    }


@router.post("/lookups/{name}", response=LookupOut, auth=OAuth2("lookups"), summary="Ask, and wait for the answer")
def lookup(request: HttpRequest, response: HttpResponse, name: str, asked: LookupIn) -> dict[str, Any]:
    """Answered within the time-out of the lookup, whatever its providers do: `unavailable` is an answer, with what to
    ask of the person instead. 503 with Retry-After: as many are waiting as this server allows. The journal keeps who
    asked, for what and how it went; never the question, nor the answer."""
    with connection.cursor() as cursor:
        application, snapshot = known(request, cursor)
    view = _view(snapshot, name)
    if not view.active:
        raise _unknown()
    try:
        services.allowed(view, application, asked.purpose, asked.procedure)
    except NotAllowedError as error:
        title = "The contract of the application does not let it ask this, or not for this purpose."
        raise refused(403, error.kind, title) from None
    question = Question(view, _read(view, asked.query), asked.purpose, asked.procedure, application.slug)
    response["Cache-Control"] = "no-store"
    return plain(services.ask(question, snapshot.version), TOLD)


@operation.get("/hub/lookups", response=HubLookups, summary="Lookups, their providers, their last 24 hours")
def hub_lookups(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_shown(each) for each in standings.all(registry(request))]}


@operation.get("/hub/lookups/{name}", response=HubLookup, summary="One lookup")
def hub_lookup(request: HttpRequest, name: str) -> dict[str, Any]:
    return _shown(standings.one(_view(registry(request), name)))


@operation.put("/hub/lookups/{name}", response=Facts, auth=OAuth2(ADMINISTER), summary="Create or change a lookup")
def hub_keep_lookup(request: HttpRequest, response: HttpResponse, name: str, given: LookupKept) -> dict[str, Any]:
    """Whole: what is absent takes its default, and a provider that is not named is forgotten. `If-Match` (the version
    read) refuses a change made blindly."""
    part = part_of(
        LookupPart, name, given.name, given.model_dump(exclude={"name", "reason"}, exclude_unset=True), key="name"
    )
    row = editing.keep_lookup(part, by=by(request, given.reason), seen=seen(request))
    version = editing.version("lookup", row.name)
    tagged(response, version)
    return {"version": version, "facts": changes.of_lookup(row)}


@operation.post("/hub/lookups/{name}/try", response=TriedOut, auth=OAuth2(OPERATE), summary="Try a lookup")
def hub_try_lookup(request: HttpRequest, response: HttpResponse, name: str, asked: LookupTry) -> dict[str, Any]:
    """The answer may be personal data: the journal keeps who tried, and why."""
    snapshot = registry(request)
    view = _view(snapshot, name)
    question = services.trial(view, _read(view, asked.query), actor=actor(request), reason=asked.reason)
    answer = services.ask(question, snapshot.version)
    response["Cache-Control"] = "no-store"
    return {**plain(answer, TOLD), "tries": _tries(answer)}


@operation.post(
    "/hub/lookups/{name}/providers/{provider}/check",
    response=CheckLines,
    auth=OAuth2(OPERATE),
    summary="Check a provider",
)
def hub_check_provider(request: HttpRequest, name: str, provider: str) -> dict[str, Any]:
    """Settings, reachability, credentials, as its connector sees them; changes nothing there."""
    found = _provider(_view(registry(request), name), provider)
    return {"items": [plain(each, ("name", "ok", "message")) for each in calling.check(found)]}


@operation.post(
    "/hub/lookups/{name}/providers/{provider}/resume",
    response=dict[str, bool],
    auth=OAuth2(OPERATE),
    summary="Ask a paused provider again at once",
)
def hub_resume_provider(request: HttpRequest, name: str, provider: str, why: Reasoned) -> dict[str, bool]:
    """`resumed` is false when it was not paused."""
    view = _view(registry(request), name)
    found = _provider(view, provider)
    return {"resumed": failing.resume(view, found, actor=actor(request), reason=why.reason)}


def _read(view: LookupView, query: dict[str, Any]) -> dict[str, Any]:
    """Raises RefusedError (422) for a question that is not what the lookup expects."""
    if len(json.dumps(query, ensure_ascii=False).encode()) > LARGEST_QUERY:
        raise refused(422, "invalid-query", f"A question has {LARGEST_QUERY // 1024} KiB at most.")
    errors = services.violations(view, query)
    if errors:
        raise refused(422, "invalid-query", "The question does not follow the schema of this lookup.", errors=errors)
    return query


def _view(snapshot: Snapshot, name: str) -> LookupView:
    view = snapshot.lookups.get(name)
    if view is None:
        raise _unknown()
    return view


def _unknown() -> RefusedError:
    return refused(404, "no-such-lookup", "This hub has no such lookup.", "GET /v1/lookups lists those you may ask.")


def _provider(view: LookupView, slug: str) -> ProviderView:
    for each in view.providers:
        if each.slug == slug:
            return each
    raise refused(404, "not-found", "This lookup has no such provider.")


def _shown(stand: standings.Stand) -> dict[str, Any]:
    own = ("state", "failures", "since", "paused_until", "words")
    return {
        **plain(stand.view, SHOWN),
        "readers": {slug: sorted(purposes) for slug, purposes in stand.view.readers.items()},
        "providers": [
            {
                **plain(each.view, ("slug", "connector")),
                "application": each.view.application.slug,
                **plain(each, own),
            }
            for each in stand.providers
        ],
        "last_day": stand.figures,
    }


def _tries(answer: Answer) -> list[dict[str, Any]]:
    return [
        {
            "provider": each.provider.slug,
            **plain(each, ("asked", "milliseconds")),
            **plain(each.outcome, ("result", "message", "detail")),
        }
        for each in answer.tries
    ]
