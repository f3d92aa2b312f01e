"""What a person was sending when their space closed, given back."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from etoile.gru.access import unsent
from etoile.gru.accounts import sessions
from etoile.gru.accounts.models import PersonSession
from etoile.gru.portal.space.frame import show, tab_of
from etoile.gru.portal.space.guard import person_required


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def resume(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """To be read again, then sent where it was going, or dropped."""
    holder = sessions.holder(session.account)
    if request.method != "POST":
        return show(request, "portal/space/resume.html", "portal:space", {"kept": unsent.of(holder, tab_of)})
    return unsent.answered(request, holder, back=reverse("portal:space_resume"), home=reverse("portal:space"))
