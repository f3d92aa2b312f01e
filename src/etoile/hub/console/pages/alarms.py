"""Alarms: those that are open, the last that closed, and the scheduled jobs they depend on."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from etoile.design.parts import Cell, Table
from etoile.hub.console.access import operator_required
from etoile.hub.console.needs import alarm_need
from etoile.hub.console.tables import when
from etoile.hub.watch import alarms, duties, jobs
from etoile.hub.watch.models import Alarm, AlarmKind, Job

CLOSED_SHOWN = 30
# What is not here is shown by its name.
JOBS = {
    "seal": gettext_lazy("Sceller le journal"),
    "lanes": gettext_lazy("Remettre en route ce qui doit partir"),
    "alarms": gettext_lazy("Chercher ce qui ne va pas"),
    "partitions": gettext_lazy("Préparer les mois à venir"),
    "lookups": gettext_lazy("Effacer les réponses gardées trop vieilles"),
    "notices": gettext_lazy("Envoyer les alertes"),
    "digest": gettext_lazy("Envoyer le résumé du jour"),
    "figures": gettext_lazy("Compter les chiffres"),
    "silence": gettext_lazy("Repérer les applications muettes"),
    "reconciliation": gettext_lazy("Rapprocher les comptes du jour"),
    "revision": gettext_lazy("Recompter les jours passés"),
    "rhythms": gettext_lazy("Apprendre les rythmes habituels"),
    "retention": gettext_lazy("Effacer les mois à effacer"),
    "purge": gettext_lazy("Effacer les vieilles alertes"),
}


@operator_required
@require_safe
def alarm_page(request: HttpRequest) -> HttpResponse:
    """Four statements, however many alarms."""
    closed = Alarm.objects.filter(closed_at__isnull=False, opened_at__isnull=False).order_by("-closed_at")
    context = {
        "open": [(alarm, alarm_need(alarm)) for alarm in alarms.opened()],
        "closed": _closed(list(closed[:CLOSED_SHOWN])),
        "jobs": _jobs(list(Job.objects.all()), timezone.now()),
    }
    return render(request, "console/alarms.html", context)


def _closed(found: list[Alarm]) -> Table:
    return Table(
        caption=_("Les dernières alertes closes"),
        columns=[_("Alerte"), _("Nature"), _("Ouverte"), _("Durée")],
        rows=[
            [
                Cell(alarm.words),
                Cell(str(AlarmKind(alarm.kind).label)),
                when(alarm.opened_at),
                Cell(_lasted(alarm), numeric=True),
            ]
            for alarm in found
        ],
        empty=_("Aucune alerte n’a encore été close."),
    )


def _lasted(alarm: Alarm) -> str:
    return timesince(alarm.opened_at, alarm.closed_at, depth=1) if alarm.opened_at and alarm.closed_at else "–"


def _jobs(found: list[Job], now: datetime) -> Table:
    late = jobs.overdue(duties.DUTIES, found, now)
    return Table(
        caption=_("Tâches programmées"),
        columns=[_("Tâche"), _("État"), _("Dernière réussite"), _("Prochaine fois"), _("Ce qu’elle dit")],
        rows=[
            [
                Cell(str(JOBS.get(job.name, job.name))),
                _state(job, now, late=job in late),
                when(job.last_succeeded),
                when(job.due),
                Cell(job.last_error or job.said or "–"),
            ]
            for job in found
        ],
        empty=_("Aucune tâche n’a encore tourné : elles commencent avec le premier worker."),
    )


def _state(job: Job, now: datetime, *, late: bool) -> Cell:
    if late:
        return Cell(_("en retard"), tone="danger")
    if job.failures:
        return Cell(_("en échec"), tone="danger")
    if job.lease_until is not None and job.lease_until > now:
        return Cell(_("en cours"), tone="progress")
    return Cell(_("à l’heure"), tone="success") if job.last_succeeded else Cell(_("jamais encore"), tone="neutral")
