"""The decision on line in the place of a registered letter: agreeing to it, and opening it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from etoile.gru.cases import notification
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.views_of_person import Tracking
from etoile.gru.portal.views.tracking import opened, person


@never_cache
@require_POST
@opened
def choose(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    agrees = request.POST.get("agrees") == "yes"
    try:
        notification.choose(view.id, person(view), agrees=agrees)
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("C’est noté : la décision vous attendra ici, et un courriel vous préviendra.")
            if agrees
            else _("C’est noté : vous ne recevez plus de décision en ligne à la place d’une lettre."),
        )
    return redirect("portal:follow", key)


@never_cache
@require_POST
@opened
def open_letter(request: HttpRequest, view: Tracking, key: str, number: int) -> HttpResponse:
    """Asked by a button: a robot that follows every link of an e-mail has opened nothing."""
    notification.open_decision(view.id, person(view), number)
    return redirect(f"{reverse('portal:follow', args=[key])}#decision-{number}")
