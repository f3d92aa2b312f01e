"""A draft that is kept: the word that says so, saving while one types, leaving for later, the end that is warned of."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from etoile.gru.filling import services
from etoile.gru.filling.services import DraftChanged, Filling
from etoile.gru.forms.definition import Page
from etoile.gru.forms.reading import answers_of

# The header of a saving that nobody asked for; its value is the last saving that the page knows of.
AUTOMATIC = "X-Saved-At"
WARNED = timedelta(days=1)


def kept(filling: Filling) -> dict[str, Any]:
    """What a page of a form says of its draft: saved when, kept until when, whether that end is near."""
    ends_soon = filling.draft.expires_at - timezone.now() < WARNED
    return {
        "saved": saved_words(filling.saved_at),
        "stamp": filling.draft.updated_at.isoformat(),
        "kept_until": day_and_hour(filling.draft.expires_at),
        "ends_soon": ends_soon,
    }


def save_quietly(request: HttpRequest, filling: Filling, here: Page) -> HttpResponse:
    """Keep what is being typed, unless the draft was saved after what this page knows: 409 then, and nothing is kept.

    The answer is JSON: `words` to show, `stamp` to send the next time.
    """
    known = parse_datetime(request.headers[AUTOMATIC])
    if known is None or timezone.is_naive(known):
        return JsonResponse({}, status=400)
    try:
        services.save_page(filling, here, answers_of(here, request.POST), unchanged_since=known)
    except DraftChanged:
        return JsonResponse({}, status=409)
    said = kept(filling)
    return JsonResponse({"words": said["saved"], "stamp": said["stamp"]})


def leave(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Back to the page of the procedure, which offers to take the draft up again."""
    until = day_and_hour(filling.draft.expires_at)
    said = _("C’est enregistré. Reprenez cette demande d’ici, avec cet appareil, jusqu’au %(until)s.")
    messages.success(request, said % {"until": until})
    return redirect("portal:procedure", filling.version.procedure.slug)


def say_kept(request: HttpRequest, filling: Filling) -> None:
    until = day_and_hour(filling.draft.expires_at)
    messages.success(request, _("Votre brouillon est gardé jusqu’au %(until)s.") % {"until": until})


def known_field(here: Page, name: str) -> str:
    """The name of a question of this page, never what a browser made up."""
    return name if any(each.id == name for each in here.fields) else here.fields[0].id


def saved_words(at: datetime | None) -> str:
    """« Enregistré à 14 h 32 », with its day when it is another one; nothing while nothing was."""
    if at is None:
        return ""
    if timezone.localdate(at) == timezone.localdate():
        return _("Enregistré à %(hour)s") % {"hour": hour(at)}
    return _("Enregistré le %(when)s") % {"when": day_and_hour(at)}


def day_and_hour(at: datetime) -> str:
    day = formats.date_format(timezone.localtime(at), "MONTH_DAY_FORMAT")
    return _("%(day)s à %(hour)s") % {"day": day, "hour": hour(at)}


def hour(at: datetime) -> str:
    local = timezone.localtime(at)
    words = _("%(hour)d h %(minute)02d") % {"hour": local.hour, "minute": local.minute}
    return words.replace(" ", "\u00a0")
