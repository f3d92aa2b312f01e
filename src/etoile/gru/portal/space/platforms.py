"""FranceConnect: going there, coming back, and leaving by there. Who has a session open shows who they are for that
space; who has none opens theirs."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from etoile.gru.accounts import sessions
from etoile.gru.accounts.models import PersonSession
from etoile.gru.accounts.services import AccountRefused
from etoile.gru.identity import attempts, flow, wire
from etoile.gru.identity.journal import proven
from etoile.gru.identity.platforms import LEVELS, Platform
from etoile.gru.identity.tokens import Forged
from etoile.gru.portal.requests import authority_of
from etoile.gru.portal.space import forms, proving, words
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import NEXT, SHARED, following, person_required
from etoile.gru.recognition import sealing, services


def offered(level: str = "") -> list[dict[str, str]]:
    """The button: of the platforms in use that give this level, or more, the one that asks the least."""
    found = [each for each in settings.IDENTITY.persons if each.from_level(level)]
    return [{"slug": each.slug, "name": each.name, "level": level} for each in found[:1]]


@never_cache
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """To the platform, with what the answer must have again."""
    platform, session = _platform(slug), sessions.current(request)
    authority_of(request)
    level = request.POST.get("level", "")
    if level and (level not in LEVELS or not platform.from_level(level)):
        raise Http404
    if session is not None and (asked := _to_prove(request, platform, session, level)) is not None:
        return asked
    try:
        address, attempt = flow.begin(platform, _here(request, "platform_back", slug), level=level)
    except wire.Unreachable:
        return _refused(request, platform, "unreachable", following(request))
    answer = HttpResponseRedirect(address)
    beside = {NEXT: following(request), SHARED: request.POST.get(SHARED, "")}
    attempts.keep(answer, platform, attempt, account=str(session.account_id) if session else "", **beside)
    return answer


@never_cache
@require_GET
def back(request: HttpRequest, slug: str) -> HttpResponse:
    """From the platform: the space is open, or a page says why not."""
    platform = _platform(slug)
    attempt, beside = attempts.found(request, platform)
    after = beside.get(NEXT, reverse("portal:space"))
    try:
        answer = _let_in(request, platform, attempt, beside)
    except flow.Declined as declined:
        why = "declined" if declined.error == "access_denied" else "unreachable"
        answer = _refused(request, platform, why, after)
    except Forged:
        answer = _refused(request, platform, "forged", after)
    except wire.Unreachable:
        answer = _refused(request, platform, "unreachable", after)
    except services.Stranger as stranger:
        answer = _refused(request, platform, stranger.why, after)
    attempts.forget(answer, platform)
    return answer


@never_cache
@require_GET
def left(request: HttpRequest, slug: str) -> HttpResponse:
    """Back from the end of the session on the platform."""
    platform = _platform(slug)
    told = _("Votre espace est fermé sur cet appareil, et votre session %(platform)s aussi.")
    messages.success(request, told % {"platform": platform.name})
    return redirect("portal:home")


@require_POST
@person_required
def part(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """No platform opens this space any more."""
    try:
        services.parted(session.account)
    except AccountRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("FranceConnect n’ouvre plus votre espace. Ce qu’il a confirmé de vous reste."))
    return redirect("portal:space_safety")


def ways(session: PersonSession, here: str) -> dict[str, Any]:
    """For the page of one's safety: the platforms that open the space, else the button that adds one."""
    known = set(services.linked_to(session.account))
    linked = [each.name for each in settings.IDENTITY.persons if each.slug in known]
    return {"linked": linked, "platforms": offered(), "next": here, "next_name": NEXT}


def confirm(request: HttpRequest, session: PersonSession, title: str, after: str) -> HttpResponse:
    """Who has no passphrase comes in again by their platform first, and is led to `after`."""
    return show(request, "portal/space/confirm.html", "portal:space_safety", {"title": title, **ways(session, after)})


def farewell(request: HttpRequest) -> str:
    """Where to end the session on the platform that opened this one; empty when none did, or when it does not answer.
    The next person at this computer would find it open there."""
    session = sessions.current(request)
    platform = _of(session.platform) if session is not None else None
    if session is None or platform is None or not session.id_token:
        return ""
    try:
        hint = sealing.opened(session.id_token, session.account)
        return flow.farewell(platform, hint, _here(request, "platform_left", platform.slug))
    except (ValueError, wire.Unreachable):
        return ""


def _let_in(
    request: HttpRequest, platform: Platform, attempt: flow.Attempt | None, beside: dict[str, str]
) -> HttpResponse:
    authority, session = authority_of(request), sessions.current(request)
    identity = proven(platform, authority, attempt, request.GET.dict())
    if beside["account"] != (str(session.account_id) if session is not None else ""):
        # The space was closed, or another opened, while the person was away.
        raise services.Stranger("someone")
    if session is not None:
        services.joined_to(platform, identity, session.account)
        account = session.account
    else:
        language = (get_language() or "fr")[:2]
        account = services.opened_by(platform, identity, authority, language=language)
    response = redirect(beside[NEXT])
    kept = sealing.sealed(identity.id_token, account)
    try:
        sessions.open_session(
            request, response, account, shared=_shared(session, beside), platform=platform.slug, level=identity.acr,
            id_token=kept,
        )  # fmt: skip
    except sessions.Overtaken as overtaken:
        raise services.Stranger("someone") from overtaken
    if session is not None:
        messages.success(request, _("%(platform)s a confirmé qui vous êtes.") % {"platform": platform.name})
    return response


def _to_prove(request: HttpRequest, platform: Platform, session: PersonSession, level: str) -> HttpResponse | None:
    """Whoever this platform names will open the space. Unless it is known already who that may be, somebody at a
    session left open gives the passphrase first; nothing once it is given, or when they have just come in."""
    if proving.just_came(session) or services.is_known(session.account, platform):
        return None
    title = _("Ajouter %(platform)s") % {"platform": platform.name}
    if not session.account.passphrase:
        return confirm(request, session, title, following(request))
    form = forms.Proving(request.POST if "current" in request.POST else None, account=session.account)
    if form.is_bound and form.is_valid() and proving.proved(session, form):
        return None
    context = {"form": form, "title": title, "platform": platform, "level": level}
    context |= {"next": following(request), "next_name": NEXT}
    return show(
        request, "portal/space/confirm.html", "portal:space_safety", context, status=422 if form.errors else 200
    )


def _shared(session: PersonSession | None, beside: dict[str, str]) -> bool:
    return session.shared if session is not None else bool(beside[SHARED])


def _here(request: HttpRequest, name: str, slug: str) -> str:
    return request.build_absolute_uri(reverse(f"portal:{name}", args=[slug]))


def _of(slug: str) -> Platform | None:
    return next((each for each in settings.IDENTITY.persons if each.slug == slug), None)


def _platform(slug: str) -> Platform:
    found = _of(slug)
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, platform: Platform, why: str, after: str) -> HttpResponse:
    status, what, then = words.refusal(platform, why)
    context: dict[str, Any] = {
        "platform": platform,
        "what": what,
        "then": then,
        "platforms": [{"slug": platform.slug, "name": platform.name, "level": ""}] if why in words.AGAIN else [],
        "next": after,
        "next_name": NEXT,
        "sign_in": f"{reverse('portal:space_sign_in')}?{urlencode({NEXT: after})}",
    }
    return render(request, "portal/space/platform_refused.html", context, status=status)
