"""A draft that is kept: the word that says so, saving while one types, leaving for later, the end that is warned of."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from etoile.design.moments import spelled
from etoile.gru.filling import controls, live, services
from etoile.gru.filling.errors import DraftChanged
from etoile.gru.filling.opened import Filling
from etoile.gru.forms.definition import Page
from etoile.gru.portal import outcome, saving, sheets

# What htmx says of itself: a saving that nobody asked for, or a button that needs no new page.
AUTOMATIC = "HX-Request"
WARNED = timedelta(days=1)


def kept(filling: Filling) -> dict[str, Any]:
    """What a page of a form says of its draft: where it is filled, saved when, kept until when, whether that end is
    near."""
    ends_soon = filling.draft.expires_at - timezone.now() < WARNED
    return {
        "frame": f"{filling.within}/frame.html",
        "saved": saved_words(filling.saved_at),
        "stamp": filling.draft.updated_at.isoformat(),
        "kept_until": day_and_hour(filling.draft.expires_at),
        "ends_soon": ends_soon,
    }


def save_quietly(request: HttpRequest, filling: Filling, here: Page) -> HttpResponse:
    """Keep what is being typed and answer what changes on the page (htmx), the same as if it was asked for again.

    409 when the draft was saved after what this page knows (`stamp`): nothing is kept then. A button is pressed on
    purpose: it does not look at that.
    """
    pressed = "add_row" in request.POST or "remove_row" in request.POST
    known = parse_datetime(request.POST.get("stamp", ""))
    if not pressed and (known is None or timezone.is_naive(known)):
        return HttpResponse(status=400)
    try:
        services.save_page(
            filling,
            here,
            controls.answers(request, here),
            unchanged_since=None if pressed else known,
            # An answer that was left is worth a question; one that is being typed is not yet.
            asking="left" in request.POST,
        )
    except DraftChanged:
        return HttpResponse(status=409)
    saving.removed_row(request, filling, here)
    parts = sheets.parts(here, filling, {})
    found = live.changes(parts, request.POST.get("shown", ""))
    context = kept(filling) | outcome.told(filling, here) | {"changes": found, "shown": live.shown(parts)}
    return render(request, "portal/_changes.html", context)


def leave(filling: Filling) -> HttpResponse:
    """To the page that says how to take it up again."""
    return redirect(f"{filling.within}:later", filling.version.procedure.slug, filling.draft.id)


def say_kept(request: HttpRequest, filling: Filling) -> None:
    until = day_and_hour(filling.draft.expires_at)
    messages.success(request, _("Votre brouillon est gardé jusqu’au %(until)s.") % {"until": until})


def saved_words(at: datetime | None) -> str:
    """« Enregistré à 14 h 32 », with its day when it is another one; nothing while nothing was."""
    if at is None:
        return ""
    if timezone.localdate(at) == timezone.localdate():
        return _("Enregistré à %(hour)s") % {"hour": hour(at)}
    return _("Enregistré le %(when)s") % {"when": day_and_hour(at)}


def day_and_hour(at: datetime) -> str:
    day = spelled(timezone.localtime(at), "MONTH_DAY_FORMAT")
    return _("%(day)s à %(hour)s") % {"day": day, "hour": hour(at)}


def hour(at: datetime) -> str:
    local = timezone.localtime(at)
    words = _("%(hour)d h %(minute)02d") % {"hour": local.hour, "minute": local.minute}
    return words.replace(" ", "\u00a0")
