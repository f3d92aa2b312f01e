"""The page that gives back what was being sent when the session ended."""

from django.contrib import messages as notes
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from etoile.gru.access import sessions, unsent
from etoile.gru.backoffice.guard import agent_required


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponseBase:
    """To be read again, then sent where it was going, or dropped."""
    holder = sessions.holder(request.user)
    if request.method != "POST":
        return render(request, "backoffice/door/resume.html", {"kept": unsent.of(holder)})
    answer = unsent.answered(request, holder)
    if answer is None:
        notes.success(request, _("C’est oublié : rien n’a été envoyé."))
    return answer or redirect("backoffice:resume" if unsent.of(holder) else "backoffice:inbox")
