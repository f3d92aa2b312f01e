"""What the hub watches, by the API: alarms, figures, scheduled jobs, circuits, reconciliation."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from etoile.hub.delivery import circuits, quarantine
from etoile.hub.delivery.models import Quarantined, QuarantineState
from etoile.hub.intake.authentication import OAuth2
from etoile.hub.intake.operation import OPERATE, READ, actor, application_of, page, plain, registry, subscription_of
from etoile.hub.intake.operation_shapes import (
    AlarmList,
    AlarmOut,
    AnswerList,
    AnswerOut,
    AnswersIn,
    CircuitList,
    Content,
    DayList,
    Decided,
    JobList,
    JobOut,
    Reasoned,
    ReportDetail,
    ReportList,
    ReportOut,
    Reprocessed,
    SomeAnswersIn,
)
from etoile.hub.intake.problems import refused
from etoile.hub.journal import services as journal
from etoile.hub.reconciliation import services as reconciliation
from etoile.hub.reconciliation.models import Report
from etoile.hub.watch import alarms, figures
from etoile.hub.watch.models import Alarm, Job

router = Router(tags=["watch"], auth=OAuth2(READ))
LONGEST_PERIOD = 400
CIRCUIT = ("state", "reason", "failures", "openings", "since", "next_probe", "words")
FOUND = ("kind", "subscription_id", "message_id", "delivery_id", "external_id", "reference")


@router.get("/hub/alarms", response=AlarmList, summary="What needs a human")
def hub_alarms(
    request: HttpRequest, closed: bool = False, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> dict[str, Any]:
    """Those that are open; `closed`: the last that were closed."""
    rows = Alarm.objects.exclude(closed_at=None).order_by("-closed_at")[:limit] if closed else alarms.opened()
    return {"items": [plain(each, tuple(AlarmOut.model_fields)) for each in rows]}


@router.get("/hub/figures", response=DayList, summary="Volumes and latencies, by application and day")
def hub_figures(request: HttpRequest, since: date, until: date, application: str | None = None) -> dict[str, Any]:
    """Local days, both included; a day on which nothing happened is absent. Latencies in milliseconds."""
    if not 0 <= (until - since).days <= LONGEST_PERIOD or not 2000 <= since.year <= 2200:
        raise refused(422, "invalid-request", f"A period of {LONGEST_PERIOD} days at most, from `since` to `until`.")
    snapshot = registry(request)
    slugs = {view.id: slug for slug, view in snapshot.applications.items()}
    if application is None:
        found = figures.by_application(since, until)
    else:
        found = figures.days(application_of(snapshot, application).id, since, until)
    names = ("day", "published", "accepted", "delivered", "retried", "dead", "p50_ms", "p95_ms", "p99_ms")
    return {"items": [{**plain(each, names), "application": slugs.get(each.application_id or 0)} for each in found]}


@router.get("/hub/jobs", response=JobList, summary="Scheduled jobs: when each last ran, and what it said")
def hub_jobs(request: HttpRequest) -> dict[str, Any]:
    return {"items": [plain(each, tuple(JobOut.model_fields)) for each in Job.objects.all()]}


@router.get("/hub/circuits", response=CircuitList, summary="Applications that are no longer called for a while")
def hub_circuits(request: HttpRequest) -> dict[str, Any]:
    snapshot = registry(request)
    with connection.cursor() as cursor:
        found = circuits.all(cursor)
    views = snapshot.subscriptions
    return {
        "items": [
            {"subscription": views[key].slug if key in views else f"#{key}", **plain(each, CIRCUIT)}
            for key, each in found.items()
        ]
    }


@router.post("/hub/subscriptions/{slug}/close-circuit", response=dict[str, bool], auth=OAuth2(OPERATE))
def hub_close_circuit(request: HttpRequest, slug: str, why: Reasoned) -> dict[str, bool]:
    """Call the application again at once. `closed` is false when the circuit was closed already."""
    view = subscription_of(registry(request), slug)
    return {"closed": circuits.close(view.id, actor=actor(request), reason=why.reason)}


@router.get("/hub/quarantine", response=AnswerList, summary="Answers that could not be applied")
def hub_quarantine(
    request: HttpRequest,
    response: HttpResponse,
    application: str | None = None,
    state: QuarantineState = QuarantineState.WAITING,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    snapshot = registry(request)
    found = Quarantined.objects.filter(state=state).defer("content")
    if application is not None:
        found = found.filter(application_id=application_of(snapshot, application).id)
    slugs = {view.id: slug for slug, view in snapshot.applications.items()}
    return {"items": [_answer(each, slugs) for each in page(request, response, found, after, limit)]}


@router.post("/hub/quarantine/{uuid:id}/content", response=Content, auth=OAuth2(OPERATE), summary="Open one answer")
def hub_quarantine_content(request: HttpRequest, id: UUID, why: Reasoned) -> dict[str, Any]:
    """Personal data: the journal keeps who opened it, and why. Erased once it is applied or put aside."""
    row = Quarantined.objects.filter(pk=id).exclude(content=None).first()
    if row is None:
        raise refused(404, "not-found", "There is no such answer, or nothing is kept of what it says.")
    with connection.cursor() as cursor:
        detail = {"quarantined": str(id), "reason": why.reason}
        journal.record(cursor, "quarantine.opened", actor=actor(request), message_id=row.message_id, detail=detail)
    return {"event": row.content}


@router.post("/hub/quarantine/reprocess", response=Reprocessed, auth=OAuth2(OPERATE), summary="Try to apply again")
def hub_reprocess(request: HttpRequest, chosen: SomeAnswersIn) -> dict[str, Any]:
    """What was said is applied as if it had just been said, to a case that is known by now."""
    done = quarantine.reprocess(chosen.ids, actor=actor(request), reason=chosen.reason)
    return plain(done, ("applied", "waiting"))


@router.post("/hub/quarantine/discard", response=Decided, auth=OAuth2(OPERATE), summary="Put aside for good")
def hub_discard(request: HttpRequest, chosen: AnswersIn) -> dict[str, Any]:
    """What they say is erased; that they were said stays in the journal."""
    number = quarantine.discard(chosen.ids, actor=actor(request), reason=chosen.reason)
    return {"deliveries": number, "done": True}


@router.get("/hub/reconciliations", response=ReportList, summary="Accounts of the last days")
def hub_reconciliations(request: HttpRequest) -> dict[str, Any]:
    return {"items": [plain(each, tuple(ReportOut.model_fields)) for each in reconciliation.reports()]}


@router.get("/hub/reconciliations/{day}", response=ReportDetail, summary="The account of one day, line by line")
def hub_reconciliation(request: HttpRequest, day: date) -> dict[str, Any]:
    report = _report(day)
    return {
        **plain(report, tuple(ReportOut.model_fields)),
        "rows": [plain(each, tuple(reconciliation.COLUMNS[1:])) for each in reconciliation.rows(report)],
        "found": [plain(each, FOUND) for each in reconciliation.differences(report)],
    }


@router.get("/hub/reconciliations/{day}/csv", summary="The same, as CSV")
def hub_reconciliation_csv(request: HttpRequest, day: date) -> HttpResponse:
    text = "\ufeff" + "".join(reconciliation.csv_lines([_report(day)]))
    name = f"rapprochement-{day.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _answer(row: Quarantined, slugs: dict[int, str]) -> dict[str, Any]:
    own = {"application", "delivery", "message"}
    told = plain(row, tuple(name for name in AnswerOut.model_fields if name not in own))
    application = slugs.get(row.application_id, "")
    return {**told, "application": application, "delivery": row.delivery_id, "message": row.message_id}


def _report(day: date) -> Report:
    report = reconciliation.latest(day) if day <= timezone.localdate() else None
    if report is None:
        raise refused(404, "not-found", "No account was made of this day.")
    return report
