"""Until when a space stays open, asked by its pages; and what they send once it is closed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.access import watching
from etoile.gru.access.watching import Watch
from etoile.gru.accounts import sessions
from etoile.gru.accounts.models import PersonSession
from etoile.gru.portal.space.guard import NEVER, sign_in_address


def watch(session: PersonSession | None) -> Watch | None:
    if session is None:
        return None
    left, may_last = sessions.left(session)
    whose = watching.signed(sessions.holder(session.account), sessions.number(session))
    addresses = {"told": reverse("portal:space_left"), "over": reverse("portal:space_over")}
    return Watch(left, watching.lead(sessions.IDLE_WHEN_SHARED), may_last, whose, is_person=True, **addresses)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def left(request: HttpRequest) -> HttpResponse:
    """Asking changes nothing; posting says that somebody is there."""
    session = sessions.current(request) if request.method == "POST" else sessions.peek(request)
    return watching.told(request, watch(session))


@require_POST
def over(request: HttpRequest) -> HttpResponse:
    """From a page whose space is closed. Nothing is done when it is not, after all: the page stays."""
    named = watching.read(request.POST.get(watching.WHOSE, ""))
    session = sessions.peek(request)
    if session is not None and named is not None and named[0] == sessions.holder(session.account):
        return HttpResponse(status=204)
    was = sessions.of_number(*named) if named is not None else None
    if was is not None and watching.typed(request, sessions.holder(was.account), never=NEVER):
        messages.info(request, _("Votre espace s’est fermé. Ce que vous écriviez est gardé : ouvrez-le de nouveau."))
        return redirect(sign_in_address(reverse("portal:space_resume"), was))
    messages.info(request, _("Votre espace s’est fermé."))
    return redirect(sign_in_address(watching.page_left(request), was))
