"""Trying and switching subscriptions by the API: nothing of a trial leaves, nothing of a check changes anything."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from ninja import Router

from etoile.contract.envelope import Event
from etoile.contract.problem import Violation
from etoile.expressions.errors import ExpressionError
from etoile.hub.delivery import services, stored
from etoile.hub.intake.authentication import OAuth2
from etoile.hub.intake.operation import OPERATE, actor, plain, registry, subscription_of
from etoile.hub.intake.operation_shapes import CheckLines, DryRun, DryRunIn, Reasoned, Switched
from etoile.hub.intake.problems import refused
from etoile.hub.journal import services as journal
from etoile.hub.journal.models import Message
from etoile.hub.registry import calling
from etoile.hub.registry.directory import SubscriptionView
from etoile.hub.routing import rehearsal

router = Router(tags=["operation"], auth=OAuth2(OPERATE))


@router.post("/hub/subscriptions/{slug}/check", response=CheckLines, summary="Check a connection")
def hub_check(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Settings, reachability, credentials, as the connector sees them; changes nothing there. 503: too many ask."""
    view = subscription_of(registry(request), slug)
    return {"items": [plain(each, ("name", "ok", "message")) for each in calling.checked(view, actor=actor(request))]}


@router.post("/hub/subscriptions/{slug}/dry-run", response=DryRun, summary="Play a message to nobody")
def hub_dry_run(request: HttpRequest, slug: str, asked: DryRunIn) -> dict[str, Any]:
    """What the filter says, what the application would see, what each leaf of the mapping gives, what would be sent."""
    snapshot = registry(request)
    view = subscription_of(snapshot, slug)
    event = _event(asked.message, view) if asked.message else rehearsal.example(view)
    result = rehearsal.run(_draft(view, asked), event, snapshot)
    masked = asked.message is not None and not asked.opened
    if asked.message is not None and asked.opened:
        with connection.cursor() as cursor:
            detail = {"rehearsal": view.slug}
            journal.record(cursor, "message.opened", actor=actor(request), message_id=asked.message, detail=detail)
    shown = rehearsal.masked(result) if masked else result
    return {
        **plain(shown, ("taken", "why", "stopped")),
        "masked": masked,
        "fields_seen": [plain(each, ("path", "value", "allowed")) for each in shown.fields],
        "leaves": [plain(each, ("pointer", "source", "value", "failure")) for each in shown.leaves],
        "sent": [plain(each, ("method", "url", "headers", "body")) for each in shown.sent],
    }


@router.post("/hub/subscriptions/{slug}/hold", response=Switched, summary="Pause: what waits is held, nothing is lost")
def hub_hold(request: HttpRequest, slug: str, why: Reasoned) -> dict[str, Any]:
    return _switch(request, slug, why.reason, active=False)


@router.post("/hub/subscriptions/{slug}/release", response=Switched, summary="Resume: what was held leaves, in order")
def hub_release(request: HttpRequest, slug: str, why: Reasoned) -> dict[str, Any]:
    return _switch(request, slug, why.reason, active=True)


def _switch(request: HttpRequest, slug: str, reason: str, *, active: bool) -> dict[str, Any]:
    view = subscription_of(registry(request), slug)
    number = services.switch(view.id, active=active, actor=actor(request), reason=reason)
    return {"subscription": slug, "active": active, "deliveries": number}


def _event(message_id: UUID, view: SubscriptionView) -> Event:
    message = Message.objects.filter(pk=message_id, type=view.message_type).first()
    if message is None:
        raise refused(404, "not-found", "There is no such message of the type of this subscription.")
    return stored.read(message.payload)


def _draft(view: SubscriptionView, asked: DryRunIn) -> SubscriptionView:
    if asked.filter is None and asked.mapping is None:
        return view
    mapping = view.mapping if asked.mapping is None else asked.mapping
    wrong = [
        Violation(f"/mapping{each.pointer}", each.detail) for each in rehearsal.violations(mapping, view.message_type)
    ]
    try:
        draft = rehearsal.of_draft(view, filter=view.filter if asked.filter is None else asked.filter, mapping=mapping)
    except ExpressionError as error:
        wrong.append(Violation("/filter", str(error)))
    if wrong:
        raise refused(422, "invalid-request", "The filter or the mapping cannot be read.", errors=wrong)
    return draft
