"""What anyone may read, signed in or not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from etoile.design.statement.view import view
from etoile.hub.console import declaration


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    shown = view(declaration.record(), timezone.localdate())
    return render(request, "console/accessibility.html", {"statement": shown})
