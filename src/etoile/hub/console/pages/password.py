"""One's own password."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from etoile.design import passwords
from etoile.hub.console.access import operator_required
from etoile.hub.registry import operators


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    return passwords.change(
        request,
        layout="console/layout.html",
        back=reverse("console:overview"),
        save=lambda person, password: operators.set_password(person.email, password),
    )
