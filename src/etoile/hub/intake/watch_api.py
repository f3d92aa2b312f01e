"""What the hub watches, by the API: alarms, figures, scheduled jobs, circuits, reconciliation."""

from datetime import date
from typing import Annotated, Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from etoile.hub.delivery import circuits
from etoile.hub.intake.authentication import OAuth2
from etoile.hub.intake.operation import OPERATE, READ, actor, application_of, plain, registry, subscription_of
from etoile.hub.intake.operation_shapes import (
    AlarmList,
    AlarmOut,
    CircuitList,
    DayList,
    JobList,
    JobOut,
    Reasoned,
    ReportDetail,
    ReportList,
    ReportOut,
)
from etoile.hub.intake.problems import refused
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


def _report(day: date) -> Report:
    report = reconciliation.latest(day) if day <= timezone.localdate() else None
    if report is None:
        raise refused(404, "not-found", "No account was made of this day.")
    return report
