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
from etoile.gru.cases.views_of_person import plain_word
from etoile.gru.filling import keys, resuming
from etoile.gru.portal import words
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required
from etoile.gru.ties import mandates


@require_safe
@person_required
def home(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    gone = queries.gone(session.account)
    found = queries.requests_of(session.account, without=gone)
    context = {
        "account": session.account,
        "requests": [_task(each) for each in found if each.is_open],
        "ended": [_task(each) for each in found if not each.is_open],
        "drafts": queries.drafts_of(session.account, without=gone),
        "mandated": [_mandated(each) for each in mandates.done_for(session.account.person_id)],
    }
    return show(request, "portal/space/home.html", "portal:space", context)


@require_safe
@person_required
def open_mandated(request: HttpRequest, session: PersonSession, case_id: uuid.UUID) -> HttpResponseBase:
    """What was asked in my name: its tracking page is mine to read."""
    found = next((each for each in mandates.done_for(session.account.person_id) if each.case.pk == case_id), None)
    if found is None:
        raise Http404(_("Cette demande n’est pas dans votre espace."))
    return redirect("portal:follow", found.case.tracking_key)


def _mandated(each: mandates.Done) -> Task:
    """Who did it, when, and whether they still may."""
    word, case = plain_word(each.case), each.case
    said = {"reference": case.reference, "by": each.by, "day": spelled(timezone.localtime(case.submitted_at))}
    hint = _("%(reference)s, envoyée le %(day)s par %(by)s") % said
    return Task(
        title=str(case.procedure_version.name),
        state=word.label,
        tone=words.tone(word),
        href=reverse("portal:space_mandated", args=[case.pk]),
        hint=hint if each.in_force else _("%(what)s. Ce mandat est terminé.") % {"what": hint},
    )


def _task(each: queries.Followed) -> Task:
    sent = spelled(timezone.localtime(each.submitted_at))
    hint = _("%(reference)s, envoyée le %(day)s") % {"reference": each.reference, "day": sent}
    return Task(
        title=str(each.procedure),
        state=each.word.label,
        tone=words.tone(each.word),
        href=reverse("portal:space_request", args=[each.id]),
        hint=_("%(what)s, pour %(name)s") % {"what": hint, "name": each.for_whom} if each.for_whom else hint,
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
