"""Who comes to a page of a form: with its key, on the right page, under the version in force."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from etoile.gru.filling import keys, moving
from etoile.gru.filling.errors import (
    DraftConfirmed,
    DraftOutdated,
    DraftUnknown,
    FillingRefused,
    ProcedureClosed,
    StepRefused,
)
from etoile.gru.filling.opened import Filling, resume
from etoile.gru.portal import frames, sheets
from etoile.gru.portal.requests import authority_of

View = Callable[..., HttpResponse]


def guided(view: View) -> View:
    """Bring back to the right page whoever is not on it: expired draft, request already sent, page skipped."""

    @wraps(view)
    def guarded(
        request: HttpRequest, slug: str, draft: uuid.UUID, within: str = frames.PORTAL, **rest: Any
    ) -> HttpResponse:
        key = frames.frame_of(within).key(request, draft)
        filling = None
        try:
            filling = resume(draft, key, authority=authority_of(request))
            filling.within = within
            if filling.version.procedure.slug != slug:
                raise DraftUnknown
            kept_until = filling.draft.expires_at
            _follow_the_procedure(request, filling)
            response = view(request, filling, **rest)
            if within == frames.PORTAL and key is not None and filling.draft.expires_at != kept_until:
                # The key must live as long as what it opens.
                keys.remember(response, filling.draft, key)
            return response
        except FillingRefused as refusal:
            if "HX-Request" in request.headers:
                # Nothing of another page may come into this one: the script says that it could not be saved.
                return HttpResponse(status=410)
            return _led_back(request, refusal, slug, draft, filling, within)

    guarded.guarded = "key of the draft"  # type: ignore[attr-defined]
    return guarded


def _led_back(
    request: HttpRequest, refusal: FillingRefused, slug: str, draft: uuid.UUID, filling: Filling | None, within: str
) -> HttpResponse:
    if isinstance(refusal, DraftConfirmed):
        return redirect(f"{within}:done", slug, draft)
    if isinstance(refusal, StepRefused) and filling is not None:
        return to_next(filling)
    if isinstance(refusal, DraftOutdated):
        messages.warning(request, str(refusal))
        return redirect(f"{within}:summary", slug, draft)
    messages.error(request, str(refusal))
    return redirect(frames.frame_of(within).left, slug)


def refuse_confirmed(filling: Filling) -> None:
    if filling.draft.confirmed_at is not None:
        raise DraftConfirmed


def to(filling: Filling, page: Any) -> HttpResponse:
    """The page, or the summary when there is none."""
    return redirect(sheets.address(filling, page))


def to_next(filling: Filling) -> HttpResponse:
    return to(filling, filling.progress.next)


def _follow_the_procedure(request: HttpRequest, filling: Filling) -> None:
    """When a page is looked at; what is posted is kept first, as the version that asked it reads it."""
    if request.method == "POST" or filling.draft.confirmed_at is not None:
        return
    if filling.closed:
        raise ProcedureClosed(filling.version.procedure.closing_reason)
    if moving.bring_up_to_date(filling):
        messages.warning(
            request,
            _("Cette démarche a changé depuis votre passage. Vos réponses sont gardées : relisez les pages proposées."),
        )
