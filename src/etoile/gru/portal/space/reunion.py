"""« Deux dossiers semblent être à vous » : what an agent asks of a person who has two records."""

import uuid

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from etoile.gru.accounts import asked
from etoile.gru.accounts.models import PersonSession
from etoile.gru.matching.errors import MatchingError
from etoile.gru.matching.models import Asking
from etoile.gru.portal import throttle
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required

HERE = "portal:space"


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def reunion(request: HttpRequest, session: PersonSession, asking: uuid.UUID, key: str) -> HttpResponseBase:
    """Both records, once the person holds both; a post says whether they are theirs. A link that is false, ended, or of
    another space, is the same page."""
    both = throttle.by_key(request, lambda: asked.opened(session.account, asking, key))
    if both is None:
        return show(request, "portal/space/reunion_unknown.html", HERE, {"email": session.account.email}, status=404)
    if request.method != "POST" or not {"yes", "no"} & set(request.POST):
        return show(request, "portal/space/reunion.html", HERE, {"both": both})
    try:
        answered = asked.answer(session.account, asking, key, yes="yes" in request.POST)
    except MatchingError as refusal:
        messages.error(request, str(refusal))
        return redirect(HERE)
    messages.success(request, _said(answered))
    return redirect(HERE)


def _said(answered: Asking) -> str:
    if answered.state == Asking.State.REFUSED:
        return _("C’est noté : rien ne change, et l’agent lira votre réponse.")
    if answered.left:
        return _("Merci. Un agent vérifie encore, puis réunit vos deux dossiers. Vous n’avez rien à faire.")
    return _("Vos deux dossiers n’en font plus qu’un : vos demandes sont ici.")
