"""Until when the session of an agent lasts, asked by its pages; and what they send once it is over."""

from django.contrib import messages as notes
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.access import sessions, watching
from etoile.gru.access.watching import Watch
from etoile.gru.backoffice.guard import NEVER


def watch(request: HttpRequest) -> Watch | None:
    """None for whoever is not signed in."""
    known = sessions.left(request.session) if request.user.is_authenticated else None
    if known is None:
        return None
    left, may_last = known
    whose = watching.signed(sessions.holder(request.user), sessions.number(request.session.session_key))
    addresses = {"told": reverse("backoffice:session"), "over": reverse("backoffice:session-over")}
    return Watch(left, watching.lead(sessions.longest_idle()), may_last, whose, **addresses)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def left(request: HttpRequest) -> HttpResponse:
    """Asking changes nothing; posting says that somebody is there."""
    if request.method == "POST" and request.user.is_authenticated:
        sessions.stretch(request.session)
    return watching.told(request, watch(request))


@require_POST
def over(request: HttpRequest) -> HttpResponse:
    """From a page whose session is over. Nothing is done when it is not, after all: the page stays."""
    named = watching.read(request.POST.get(watching.WHOSE, ""))
    if request.user.is_authenticated and named is not None and named[0] == sessions.holder(request.user):
        return HttpResponse(status=204)
    owner = sessions.owner_of_number(*named) if named is not None else None
    if owner is not None and watching.typed(request, sessions.holder(owner), never=NEVER):
        notes.info(request, _("Votre session s’est fermée. Ce que vous écriviez est gardé : connectez-vous."))
        return redirect_to_login(reverse("backoffice:resume"))
    notes.info(request, _("Votre session s’est fermée."))
    return redirect_to_login(watching.page_left(request) or reverse("backoffice:inbox"))
