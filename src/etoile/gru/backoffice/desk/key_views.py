"""The keys of this device: on until an agent switches them off (WCAG 2.1.4). A cookie says it, not the account: it is
the keyboard, or what speaks to it, that decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from etoile.gru.backoffice.guard import agent_required

COOKIE = "touches"
YEAR = 365 * 24 * 3600


@agent_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    answer = redirect(back if safe else reverse("backoffice:inbox"))
    if "off" in request.POST:
        answer.set_cookie(COOKIE, "off", max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
        messages.success(request, _("Les touches seules sont coupées sur cet appareil."))
    else:
        answer.delete_cookie(COOKIE, samesite="Lax")
        messages.success(request, _("Les touches seules sont remises sur cet appareil."))
    return answer
