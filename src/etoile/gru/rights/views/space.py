"""« Mes données » of somebody who has an account: all of their requests at once, with what the account holds."""

from django.contrib import messages
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from etoile.gru.accounts.models import PersonSession
from etoile.gru.documents import serving
from etoile.gru.filling.opened import KEPT
from etoile.gru.papers.render import PaperError
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required
from etoile.gru.rights.holdings import export, paper
from etoile.gru.rights.subject import of_account
from etoile.gru.rights.views.own import held_rows, readings_tables


@require_safe
@person_required
def own_data(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    subject = of_account(session.account)
    context = {
        "account": session.account,
        "cases": subject.cases,
        **readings_tables(subject),
        "held": held_rows(subject),
        "draft_days": KEPT.days,
    }
    return show(request, "rights/space.html", "rights:space", context)


@require_safe
@person_required
def whole(request: HttpRequest, session: PersonSession, kind: str) -> HttpResponseBase:
    """What must be asked for is given with the request it was asked of."""
    subject = of_account(session.account)
    if kind == "json":
        told = JsonResponse(export.document(subject), json_dumps_params={"ensure_ascii": False, "indent": 1})
        return serving.produced(_("mes-donnees.json"), told.content, "application/json")
    try:
        printed = paper.printed(subject)
    except PaperError as refusal:
        messages.error(request, f"{refusal} {_('Prenez le fichier JSON.')}")
        return redirect("rights:space")
    return serving.produced(printed.name, printed.content)
