"""The first page: how each application stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from etoile.hub.console import queries, tables
from etoile.hub.console.access import operator_required


@operator_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    standings = queries.standings()
    context = {
        "table": tables.standings_table(standings),
        "waiting": sum(row.waiting for row in standings),
        "stuck": sum(row.stuck for row in standings),
        "acknowledged": sum(row.acknowledged for row in standings),
        "unrouted": queries.unrouted_count(),
    }
    return render(request, "console/overview.html", context)
