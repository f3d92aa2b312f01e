"""ProConnect or the directory of the authority in place of the password: going there, coming back, leaving by there.
They open no session by themselves: they hand over to `passing`, as the password does."""

from dataclasses import dataclass
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
from etoile.gru.access.models import Account, Authority
from etoile.gru.backoffice.door import passing
from etoile.gru.backoffice.door.refusals import Refusal, said
from etoile.gru.identity import agents, attempts, flow, ruling, wire
from etoile.gru.identity.agents import Unmatched
from etoile.gru.identity.directories import Directory
from etoile.gru.identity.flow import Identity
from etoile.gru.identity.journal import proven
from etoile.gru.identity.platforms import Platform
from etoile.gru.identity.tokens import Forged

PROCONNECT, DIRECTORY = "proconnect", "directory"


@dataclass(frozen=True, slots=True)
class Way:
    """One of both: its addresses are named after it. `directory`: there when it is that of the authority."""

    name: str
    authority: Authority
    platform: Platform
    directory: Directory | None = None

    def agent_of(self, identity: Identity) -> Account:
        if self.directory is not None:
            return ruling.agent_of(self.directory, identity, self.authority)
        return agents.agent_of(self.platform, identity, self.authority)

    def proves_both(self, identity: Identity) -> bool:
        """Believed only as the installation says: whoever asked for a second factor there, nobody here has seen it."""
        if self.directory is not None:
            return self.directory.proves_both(identity.amr, identity.acr)
        return bool(settings.IDENTITY.trusts_factor) and "mfa" in identity.amr

    def said(self, why: str, email: str = "") -> Refusal:
        return said(why, email, directory=self.directory is not None)


@never_cache
@require_POST
def leave(request: HttpRequest, way: str) -> HttpResponse:
    """To the platform, with what the answer must have again."""
    known = _way(request, way)
    following = request.POST.get("next", "")
    try:
        address, attempt = flow.begin(known.platform, request.build_absolute_uri(reverse(f"{way}:back")))
    except wire.Unreachable:
        return _refused(request, known, known.said("unreachable"))
    answer = HttpResponseRedirect(address)
    attempts.keep(answer, known.platform, attempt, next=following)
    return answer


@never_cache
@require_GET
def back(request: HttpRequest, way: str) -> HttpResponse:
    """From the platform: the second factor is next, or a page that says why not."""
    known = _way(request, way)
    attempt, beside = attempts.found(request, known.platform)
    try:
        answer = _let_in(request, known, attempt, beside.get("next", ""))
    except flow.Declined as declined:
        why = "declined" if declined.error == "access_denied" else "unreachable"
        answer = _refused(request, known, known.said(why))
    except Forged:
        answer = _refused(request, known, known.said("forged"))
    except wire.Unreachable:
        answer = _refused(request, known, known.said("unreachable"))
    except Unmatched as unmatched:
        answer = _refused(request, known, known.said(unmatched.why, unmatched.email))
    attempts.forget(answer, known.platform)
    return answer


@never_cache
@require_GET
def left(request: HttpRequest, way: str) -> HttpResponse:
    """Back from the end of the session on the platform."""
    told = {
        PROCONNECT: _("Vous êtes déconnecté, ici et de ProConnect."),
        DIRECTORY: _("Vous êtes déconnecté, ici et de votre compte de la collectivité."),
    }
    notes.success(request, told[_way(request, way).name])
    return redirect("backoffice:sign-in")


class SignOut(LogoutView):
    """Who came by a platform leaves it too: the next person at this desk would find the session open there."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        away = _farewell(request)
        answer = super().post(request, *args, **kwargs)
        return HttpResponseRedirect(away) if away else answer


def ways(request: HttpRequest) -> dict[str, bool]:
    """Those that the sign-in page offers."""
    return {name: _found(request, name) is not None for name in (PROCONNECT, DIRECTORY)}


def _let_in(request: HttpRequest, way: Way, attempt: flow.Attempt | None, following: str) -> HttpResponse:
    identity = proven(way.platform, way.authority, attempt, request.GET.dict())
    account = way.agent_of(identity)
    told = passing.Told(way.name, factors.sealed(identity.id_token, account))
    half = passing.begin(request, account, _local(request, following), told=told)
    if way.proves_both(identity):
        passing.enter(request, account)
        return redirect(half.next)
    return redirect("backoffice:enrol" if half.proved else "backoffice:code")


def _local(request: HttpRequest, address: str) -> str:
    here = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if here else settings.LOGIN_REDIRECT_URL


def _farewell(request: HttpRequest) -> str:
    """Where to end the session on the platform; nothing when none was the way in, or when it cannot be told."""
    told = passing.told(request)
    way = _found(request, told.by) if told else None
    if told is None or way is None or not isinstance(request.user, Account):
        return ""
    try:
        hint = factors.opened(told.token, request.user)
        return flow.farewell(way.platform, hint, request.build_absolute_uri(reverse(f"{way.name}:left")))
    except (ValueError, wire.Unreachable):
        return ""


def _way(request: HttpRequest, name: str) -> Way:
    found = _found(request, name)
    if found is None:
        raise Http404
    return found


def _found(request: HttpRequest, name: str) -> Way | None:
    authority = request.authority  # type: ignore[attr-defined]
    if authority is None:
        return None
    if name == DIRECTORY:
        directory = settings.IDENTITY.directory_of(authority.siret)
        return Way(name, authority, directory.platform, directory) if directory is not None else None
    platform = settings.IDENTITY.proconnect
    return Way(name, authority, platform) if platform is not None else None


def _refused(request: HttpRequest, way: Way, refusal: Refusal) -> HttpResponse:
    shown = {"refusal": refusal, "way": way.name}
    return render(request, "backoffice/door/refused.html", shown, status=refusal.status)
