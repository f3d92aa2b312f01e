"""What a person was sending when their space closed, given back."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from etoile.gru.access import unsent
from etoile.gru.accounts import sessions
from etoile.gru.accounts.models import PersonSession
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def resume(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """To be read again, then sent where it was going, or dropped."""
    holder = sessions.holder(session.account)
    if request.method != "POST":
        return show(request, "portal/space/resume.html", "portal:space", {"kept": unsent.of(holder)})
    answer = unsent.answered(request, holder)
    if answer is None:
        messages.success(request, _("C’est oublié : rien n’a été envoyé."))
    return answer or redirect("portal:space_resume" if unsent.of(holder) else "portal:space")
