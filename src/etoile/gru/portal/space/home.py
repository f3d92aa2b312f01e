"""What a person finds in their space: what they asked, what they began."""

import uuid

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from etoile.design.moments import spelled
from etoile.design.parts import Task
from etoile.gru.accounts import queries
from etoile.gru.accounts.models import PersonSession
from etoile.gru.filling import keys, resuming
from etoile.gru.portal import words
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required


@require_safe
@person_required
def home(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    found = queries.requests_of(session.account)
    context = {
        "account": session.account,
        "requests": [_task(each) for each in found if each.is_open],
        "ended": [_task(each) for each in found if not each.is_open],
        "drafts": queries.drafts_of(session.account),
    }
    return show(request, "portal/space/home.html", "portal:space", context)


def _task(each: queries.Followed) -> Task:
    sent = spelled(timezone.localtime(each.submitted_at))
    return Task(
        title=str(each.procedure),
        state=each.word.label,
        tone=words.tone(each.word),
        href=reverse("portal:space_request", args=[each.id]),
        hint=_("%(reference)s, envoyée le %(day)s") % {"reference": each.reference, "day": sent},
    )


@require_safe
@person_required
def open_request(request: HttpRequest, session: PersonSession, case_id: uuid.UUID) -> HttpResponseBase:
    """The tracking page: the same for everybody."""
    case = queries.case_of(session.account, case_id)
    if case is None:
        raise Http404(_("Cette demande n’est pas dans votre espace."))
    return redirect("portal:follow", case.tracking_key)


@require_POST
@person_required
def take_up(request: HttpRequest, session: PersonSession, draft_id: uuid.UUID) -> HttpResponseBase:
    """A draft begun anywhere is opened in this browser too."""
    draft = queries.draft_of(session.account, draft_id)
    if draft is None:
        raise Http404(_("Ce brouillon n’est pas dans votre espace, ou il est effacé."))
    opened, key = resuming.let_in(draft)
    response = redirect("portal:take_up", opened.version.procedure.slug, opened.id)
    keys.remember(response, opened, key)
    return response
