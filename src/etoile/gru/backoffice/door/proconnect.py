"""ProConnect in place of the password: going there, coming back, and leaving by there. It opens no session by itself:
it hands over to `passing`, as the password does."""

from typing import Any

from django.conf import settings
from django.contrib import messages as notes
from django.contrib.auth.views import LogoutView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from etoile.gru.access import factors
from etoile.gru.access.models import Account
from etoile.gru.backoffice.door import passing
from etoile.gru.backoffice.door.refusals import Refusal, said
from etoile.gru.identity import attempts, flow, wire
from etoile.gru.identity.agents import Unmatched, agent_of
from etoile.gru.identity.flow import Identity
from etoile.gru.identity.journal import proven
from etoile.gru.identity.platforms import Platform
from etoile.gru.identity.tokens import Forged


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """To ProConnect, with what the answer must have again."""
    platform = _platform()
    following = request.POST.get("next", "")
    try:
        address, attempt = flow.begin(platform, request.build_absolute_uri(reverse("proconnect:back")))
    except wire.Unreachable:
        return _refused(request, said("unreachable"))
    answer = HttpResponseRedirect(address)
    attempts.keep(answer, platform, attempt, next=following)
    return answer


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """From ProConnect: the second factor is next, or a page that says why not."""
    platform = _platform()
    attempt, beside = attempts.found(request, platform)
    try:
        answer = _let_in(request, platform, attempt, beside.get("next", ""))
    except flow.Declined as declined:
        answer = _refused(request, said("declined" if declined.error == "access_denied" else "unreachable"))
    except Forged:
        answer = _refused(request, said("forged"))
    except wire.Unreachable:
        answer = _refused(request, said("unreachable"))
    except Unmatched as unmatched:
        answer = _refused(request, said(unmatched.why, unmatched.email))
    attempts.forget(answer, platform)
    return answer


@never_cache
@require_GET
def left(request: HttpRequest) -> HttpResponse:
    """Back from the end of the session on ProConnect."""
    _platform()
    notes.success(request, _("Vous êtes déconnecté, ici et de ProConnect."))
    return redirect("backoffice:sign-in")


class SignOut(LogoutView):
    """Who came by ProConnect leaves it too: the next person at this desk would find the session open there."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        away = _farewell(request)
        answer = super().post(request, *args, **kwargs)
        return HttpResponseRedirect(away) if away else answer


def _let_in(request: HttpRequest, platform: Platform, attempt: flow.Attempt | None, following: str) -> HttpResponse:
    authority = request.authority  # type: ignore[attr-defined]
    if authority is None:
        raise Http404
    identity = proven(platform, authority, attempt, request.GET.dict())
    account = agent_of(platform, identity, authority)
    half = passing.begin(request, account, _local(request, following), told=factors.sealed(identity.id_token, account))
    if _proves_both(identity):
        passing.enter(request, account)
        return redirect(half.next)
    return redirect("backoffice:enrol" if half.proved else "backoffice:code")


def _proves_both(identity: Identity) -> bool:
    """RFC 8176: `mfa` is two factors or more. Believed only if the installation says so: each administration's own
    directory tells it, and nobody checks."""
    return bool(settings.IDENTITY.trusts_factor) and "mfa" in identity.amr


def _local(request: HttpRequest, address: str) -> str:
    here = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if here else settings.LOGIN_REDIRECT_URL


def _farewell(request: HttpRequest) -> str:
    """Where to end the session on ProConnect; nothing when it was not the way in, or when it cannot be told."""
    told, platform = request.session.get(passing.TOLD), settings.IDENTITY.proconnect
    if not told or platform is None or not isinstance(request.user, Account):
        return ""
    try:
        hint = factors.opened(told, request.user)
        return flow.farewell(platform, hint, request.build_absolute_uri(reverse("proconnect:left")))
    except (ValueError, wire.Unreachable):
        return ""


def _platform() -> Platform:
    platform: Platform | None = settings.IDENTITY.proconnect
    if platform is None:
        raise Http404
    return platform


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "backoffice/door/refused.html", {"refusal": refusal}, status=refusal.status)
