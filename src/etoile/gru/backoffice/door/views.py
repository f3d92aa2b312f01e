"""The pages by which an agent comes in: password, code of the telephone, installation of the telephone; and the one
where they look after both."""

from typing import Any

import segno
from django.contrib import messages as notes
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.access import factors, sessions
from etoile.gru.access.models import Account
from etoile.gru.backoffice.door import keys, passing, platforms
from etoile.gru.backoffice.door.forms import CHANGED, WRONG, AnyCode, FirstCode
from etoile.gru.backoffice.forms import SignIn
from etoile.gru.backoffice.guard import agent_required
from etoile.runtime import totp
from etoile.runtime.secrets import make


class Password(LoginView):
    """The first step: it opens nothing but the second."""

    template_name = "backoffice/sign_in.html"
    authentication_form = SignIn

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"ways": platforms.ways(self.request), "idle": _idle()}

    def form_valid(self, form: Any) -> HttpResponse:
        half = passing.begin(self.request, form.get_user(), self.get_success_url())
        return redirect("backoffice:enrol" if half.proved else "backoffice:code")


def _idle() -> str:
    """How long a session lasts when nobody is there, in words."""
    hours, minutes = divmod(int(sessions.longest_idle().total_seconds() // 60), 60)
    if hours and not minutes:
        return ngettext("%(n)s heure", "%(n)s heures", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", hours * 60 + minutes) % {"n": hours * 60 + minutes}


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponseBase:
    """The second step: a code of the telephone, or one on paper."""
    known = passing.current(request)
    if known is None:
        return redirect("backoffice:sign-in")
    half, account = known
    if half.proved:
        return redirect("backoffice:enrol")
    if "answer" in request.POST:
        if keys.proves(request, account):
            passing.enter(request, account, second="key")
            return redirect(half.next)
        return render(
            request, "backoffice/door/code.html", _with_key(request, account, AnyCode(), wrong=True), status=422
        )
    form = AnyCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if factors.check(account, form.given):
                passing.enter(request, account)
                _tell_codes_left(request, account, form)
                return redirect(half.next)
        except factors.Suspended as suspended:
            return _suspended(request, suspended)
        form.refuse(readable=factors.is_readable(account))
    return render(
        request, "backoffice/door/code.html", _with_key(request, account, form), status=422 if form.errors else 200
    )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponseBase:
    """Install the telephone, then show the codes to keep on paper: once, and only here."""
    known = passing.current(request)
    if known is None:
        return redirect("backoffice:inbox")
    half, account = known
    if not half.proved:
        return redirect("backoffice:code")
    form = FirstCode(request.POST or None)
    secret, is_new = _proposed(request, half, account)
    if request.method == "POST" and form.is_valid():
        codes = passing.install(request, account, secret, form.cleaned_data["code"])
        if codes is not None:
            return render(request, "backoffice/door/codes.html", {"codes": codes, "next": half.next})
        form.add_error("code", CHANGED if half.secret and is_new else WRONG)
    shown = {"form": form, "account": account, **_to_scan(secret, account)}
    return render(request, "backoffice/door/enrol.html", shown, status=422 if form.errors else 200)


@sensitive_post_parameters()
@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def safety(request: HttpRequest) -> HttpResponseBase:
    """One's sessions and keys, and the way to another key, another telephone or other codes: by a code right today."""
    form = AnyCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if factors.check(request.user, form.given):
                if "key" in request.POST:
                    keys.let_add(request)
                    return redirect("backoffice:key-add")
                passing.begin(request, request.user, request.path, proved=True)
                return redirect("backoffice:enrol")
        except factors.Suspended as suspended:
            return _suspended(request, suspended)
        form.refuse(readable=factors.is_readable(request.user))
    shown = {
        "form": form,
        "sessions": sessions.of_account(request.user),
        "own": sessions.number(request.session.session_key),
        "left": factors.codes_left(request.user),
        "keys": keys.of(request),
        "keys_possible": keys.possible(request),
    }
    return render(request, "backoffice/door/safety.html", shown, status=422 if form.errors else 200)


@agent_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """One of mine, or all but this one."""
    only = request.POST.get("session", "")
    ended = sessions.end(request.user, by=request.user, kept=request.session.session_key or "", only=only)
    told = ngettext("%(n)s session est fermée.", "%(n)s sessions sont fermées.", ended) % {"n": ended}
    notes.success(request, told if ended else _("Cette session était déjà fermée."))
    return redirect("backoffice:safety")


def _proposed(request: HttpRequest, half: passing.Half, account: Account) -> tuple[str, bool]:
    """The secret to show, and whether it is new. It stays the same until it is kept: a page read again does not undo
    what the telephone has read. Another takes its place when the server no longer has the key that sealed it."""
    if half.secret:
        try:
            return factors.opened(half.secret, account), False
        except ValueError:
            pass
    secret = make("base32")
    passing.propose(request, half, factors.sealed(secret, account))
    return secret, True


def _with_key(request: HttpRequest, account: Account, form: AnyCode, *, wrong: bool = False) -> dict[str, Any]:
    return {"form": form, "key": keys.question(request, account), "key_wrong": wrong}


def _tell_codes_left(request: HttpRequest, account: Account, form: AnyCode) -> None:
    if form.cleaned_data.get("code"):
        return
    left = factors.codes_left(account)
    told = ngettext("Il vous reste %(n)s code de secours.", "Il vous reste %(n)s codes de secours.", left) % {"n": left}
    notes.warning(request, f"{told} {_('Votre téléphone est perdu ? Installez-en un autre dans « Ma sécurité ».')}")


def _suspended(request: HttpRequest, suspended: factors.Suspended) -> HttpResponse:
    minutes = -(-suspended.seconds // 60)
    answer = render(request, "backoffice/door/suspended.html", {"minutes": minutes}, status=429)
    answer.headers["Retry-After"] = str(suspended.seconds)
    return answer


def _to_scan(secret: str, account: Account) -> dict[str, Any]:
    issuer = account.authority.name if account.authority else "Étoile"
    address = totp.address(secret, account=account.email, issuer=issuer)
    picture = segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, light="#fff", svgclass=None, lineclass=None
    )
    # Made by us from what is percent-encoded.
    return {"picture": mark_safe(picture), "address": address, "groups": factors.grouped(secret, " ")}  # noqa: S308
