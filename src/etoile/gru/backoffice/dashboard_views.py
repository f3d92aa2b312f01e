"""The dashboard of a service: how much there is, how old, how fast, each figure with its list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from etoile.gru.backoffice import dashboard
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.steering import figures


@agent_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    today = request.user.authority.today()
    scope = scope_of(request.user)
    team = next((each for each in scope.teams if each.slug == request.GET.get("service")), None)
    found = figures.of(request.user, scope, today=today, team=team.pk if team else None)
    return render(request, "backoffice/dashboard.html", dashboard.page(found, scope, team, today))
