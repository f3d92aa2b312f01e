"""Trying a subscription before trusting it: the check of its connector, and a message played to nobody."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from etoile.contract.envelope import Event
from etoile.design.fields import ErrorLink, FieldView, Option
from etoile.design.parts import Cell, Table
from etoile.hub.console import registry_drafts as drafts
from etoile.hub.console import registry_queries as queries
from etoile.hub.console.access import operator_required
from etoile.hub.console.forms import Decision
from etoile.hub.console.pages.registry_subscriptions import found, show
from etoile.hub.console.words import kind, moment
from etoile.hub.delivery import stored
from etoile.hub.journal import services as journal
from etoile.hub.journal.models import Message
from etoile.hub.registry import calling
from etoile.hub.registry.models import Subscription
from etoile.hub.routing import rehearsal
from etoile.hub.routing.rehearsal import Rehearsal
from etoile.runtime.background import RETRY_AFTER, BusyError

EXAMPLE = "exemple"


@operator_required("operator")
@require_POST
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Settings, reachability, credentials, as the connector sees them; changes nothing in the application."""
    row = found(slug)
    view = queries.snapshot().subscriptions[row.pk]
    try:
        checks = calling.checked(view, actor=request.user.email)  # type: ignore[union-attr]
    except BusyError:
        return busy(request)
    return show(request, row, Decision(), checks)


def busy(request: HttpRequest) -> HttpResponse:
    answer = render(request, "console/registry/busy.html", status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


@dataclass(slots=True)
class Trial:
    """What is asked of a rehearsal. `opened`: the content is shown, which the journal keeps."""

    message: str
    filter: str
    mapping: str
    opened: bool = False
    filter_error: str = ""
    mapping_error: str = ""


@operator_required("operator")
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest, slug: str) -> HttpResponse:
    """Nothing leaves, nothing is written but, when the content is opened, who opened it."""
    row = found(slug)
    snapshot = queries.snapshot()
    view = snapshot.subscriptions[row.pk]
    asked = Trial(request.GET.get("message", EXAMPLE), row.filter, drafts.as_yaml(row.mapping))
    result: Rehearsal | None = None
    if request.method == "POST":
        asked = Trial(
            request.POST.get("message", EXAMPLE),
            request.POST.get("filtre", "").strip(),
            request.POST.get("correspondance", "").replace("\r\n", "\n"),
            opened="ouvrir" in request.POST,
        )
        asked.filter_error = drafts.filter_error(asked.filter)
        mapping, asked.mapping_error = drafts.read_mapping(asked.mapping, view.message_type)
        event, message_id = _event(asked.message, view.message_type)
        asked.message = str(message_id) if message_id else EXAMPLE
        if not asked.filter_error and not asked.mapping_error:
            draft = rehearsal.of_draft(view, filter=asked.filter, mapping=mapping)
            try:
                result = rehearsal.run(draft, event or rehearsal.example(view), snapshot)
            except BusyError:
                return busy(request)
            if message_id is not None and asked.opened:
                _write_opening(request, message_id, row)
            if message_id is not None and not asked.opened:
                result = rehearsal.masked(result)
    return _page(request, row, asked, result)


def _event(chosen: str, message_type: str) -> tuple[Event | None, UUID | None]:
    """A recorded message of that type; the example of the schema when it is not one."""
    try:
        message = Message.objects.get(pk=UUID(chosen), type=message_type)
    except (ValueError, Message.DoesNotExist):
        return None, None
    return stored.read(message.payload), message.pk


def _write_opening(request: HttpRequest, message_id: UUID, row: Subscription) -> None:
    with connection.cursor() as cursor:
        detail = {"rehearsal": row.slug}
        actor = request.user.email  # type: ignore[union-attr]
        journal.record(cursor, "message.opened", actor=actor, message_id=message_id, detail=detail)


def _page(request: HttpRequest, row: Subscription, asked: Trial, result: Rehearsal | None) -> HttpResponse:
    views = _fields(row, asked)
    errors = [ErrorLink(each.id, each.error) for each in views if each.error]
    context = {
        "subscription": row,
        "kind": kind(row.message_type.type),
        "fields": views,
        "errors": errors,
        "result": result,
        "asked": asked,
        "recorded": asked.message != EXAMPLE,
        "seen": _seen(result) if result else None,
        "leaves": _leaves(result) if result else None,
    }
    return render(request, "console/registry/trial.html", context, status=422 if errors else 200)


def _fields(row: Subscription, asked: Trial) -> list[FieldView]:
    authorities = list(row.application.authorities.values_list("siret", flat=True))
    recorded = queries.recorded(row.message_type.type, authorities)
    options = [
        Option(EXAMPLE, _("l’exemple du contrat (personnes inventées)"), checked=asked.message == EXAMPLE),
        *(
            Option(
                str(each.pk),
                f"{each.reference or each.subject} · {moment(each.received_at)}",
                checked=str(each.pk) == asked.message,
            )
            for each in recorded
        ),
    ]
    return [
        FieldView("message", _("Message à essayer"), widget="radios", options=tuple(options)),
        FieldView("filtre", _("Filtre"), widget="textarea", rows=3, value=asked.filter, error=asked.filter_error),
        FieldView(
            "correspondance",
            _("Correspondance"),
            widget="textarea",
            rows=10,
            value=asked.mapping,
            error=asked.mapping_error,
            hint=_("Ce que vous écrivez ici ne sert qu’à l’essai : rien n’est enregistré."),
        ),
    ]


def _seen(result: Rehearsal) -> Table:
    return Table(
        caption=_("Ce que l’application voit du message"),
        columns=[_("Champ"), _("Valeur"), _("Transmis")],
        rows=[
            [
                Cell(each.path),
                Cell(_written(each.value)),
                Cell(_("oui"), tone="success") if each.allowed else Cell(_("non"), tone="neutral"),
            ]
            for each in result.fields
        ],
    )


def _leaves(result: Rehearsal) -> Table:
    return Table(
        caption=_("Ce que donne la correspondance"),
        columns=[_("Place"), _("Expression"), _("Valeur")],
        rows=[
            [
                Cell(each.pointer or "/"),
                Cell(f"= {each.source}" if each.source else _("fixe")),
                Cell(each.failure, tone="danger") if each.failure else Cell(_written(each.value)),
            ]
            for each in result.leaves
        ],
        empty=_("Aucune correspondance : le message part tel que l’application le voit."),
    )


def _written(value: object) -> str:
    if value is None:
        return _("rien : cette place est omise")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
