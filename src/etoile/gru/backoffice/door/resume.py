"""The page that gives back what was being sent when the session ended."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from etoile.gru.backoffice.door import unsent
from etoile.gru.backoffice.guard import agent_required


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponseBase:
    """To be read again, then sent where it was going, or dropped."""
    if request.method == "POST":
        unsent.forget(request)
        notes.success(request, _("C’est oublié : rien n’a été envoyé."))
        return redirect("backoffice:inbox")
    return _shown(request, unsent.of(request))


def _shown(request: HttpRequest, found: unsent.Unsent | None) -> HttpResponse:
    return render(request, "backoffice/door/resume.html", {"found": found})
