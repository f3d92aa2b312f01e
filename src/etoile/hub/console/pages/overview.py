"""The first page: in five seconds, whether all is well and what needs a human."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from etoile.hub.console import diagrams, proofs
from etoile.hub.console.access import operator_required
from etoile.hub.console.health import signals
from etoile.hub.console.needs import alarm_needs, cut_needs, needs
from etoile.hub.console.standings import standings, total
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.watch import alarms


@operator_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    found = standings()
    with connection.cursor() as cursor:
        seal = proofs.seal_state(cursor)
        told = signals(cursor)
    judged = diagrams.judged(found, told)
    context = {
        "needs": needs(found, first=[*cut_needs(found, told.cut), *alarm_needs(alarms.opened())]),
        "star": diagrams.star(judged),
        "table": diagrams.table(judged),
        "shown": bool(judged),
        "waiting": sum(each.waiting for each in found),
        "received": sum(each.received for each in found),
        "sent": total(found, DeliveryState.SENT),
        "oldest": min((each.waiting_since for each in found if each.waiting_since), default=None),
        "seal": seal,
        "report": proofs.report_state(),
    }
    return render(request, "console/overview.html", context)
