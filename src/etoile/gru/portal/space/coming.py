"""Coming in and leaving. Each answer is the same whether the address is known or not."""

import uuid
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.accounts import keys as own_keys
from etoile.gru.accounts import proofs, services, sessions
from etoile.gru.accounts.models import PersonAccount
from etoile.gru.passkeys.ceremony import Refused
from etoile.gru.portal import throttle
from etoile.gru.portal.requests import authority_of
from etoile.gru.portal.space import forms, keys, platforms
from etoile.gru.portal.space.guard import NEXT, SHARED, following

# Only what fails is counted at a sign-in, and a kiosk of the town hall shares one address: it is slowed down, and what
# one person got wrong there stops nobody else.
WRONG_HERE = throttle.Limit(count=8, seconds=900)
WRONG_ANYWHERE = throttle.Limit(count=60, seconds=3600)
WRONG_FROM_ADDRESS = throttle.Limit(count=150, seconds=900)
CODES_PER_EMAIL = throttle.Limit(count=5, seconds=3600)
# Whoever asks for codes in the place of somebody else from one place leaves them theirs.
CODES_ANYWHERE = throttle.Limit(count=20, seconds=3600)
CODES_PER_ADDRESS = throttle.Limit(count=60, seconds=600)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request)
    if sessions.current(request) is not None and request.method != "POST":
        return redirect(following(request))
    if request.method == "POST" and "answer" in request.POST:
        return _by_key(request)
    form = forms.SignIn(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if _too_many(request, given["email"]):
            form.add_error(None, _("Trop d’essais. Réessayez dans un quart d’heure, ou demandez un code par courriel."))
            return _sign_in_page(request, form, status=429)
        account = services.check(authority, given["email"], given["passphrase"])
        if account is not None:
            return _let_in(request, account, shared=given["shared"])
        _count_wrong(request, given["email"])
        form.add_error(None, _("L’adresse ou la phrase secrète n’est pas la bonne. Vérifiez les deux."))
    return _sign_in_page(request, form, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    return _ask_code(request, is_new=True)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    return _ask_code(request, is_new=False)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, proof: uuid.UUID) -> HttpResponse:
    """The code, and the passphrase from now on: an account that exists takes it, another is made."""
    authority = authority_of(request)
    form = forms.Entrance(request.POST if request.method == "POST" else None)
    try:
        sent_to = proofs.alive(authority, proof).email
        if request.method == "POST" and form.is_valid():
            given, language = form.cleaned_data, (get_language() or "fr")[:2]
            account = services.enter(authority, proof, given["code"], given["passphrase"], language=language)
            answer = _let_in(request, account)
            messages.success(request, _("Votre espace est ouvert. Votre phrase secrète sert dès maintenant."))
            return answer
    except proofs.WrongCode as wrong:
        form.add_error("code", wrong_code(wrong.left))
    except services.AccountRefused as refusal:
        form.add_error("passphrase", str(refusal))
    except proofs.ProofEnded:
        return render(request, "portal/space/code_ended.html", status=404)
    context = {"form": form, "email": sent_to, **_next(request)}
    return render(request, "portal/space/code.html", context, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    away = platforms.farewell(request)
    sessions.end_current(request)
    if not away:
        messages.success(request, _("Votre espace est fermé sur cet appareil."))
    response = HttpResponseRedirect(away) if away else redirect("portal:home")
    sessions.forget_cookie(response)
    return response


def _ask_code(request: HttpRequest, *, is_new: bool) -> HttpResponse:
    authority = authority_of(request)
    form = forms.Address(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if may_send(request, email):
            proof = proofs.ask(authority, email, language=(get_language() or "fr")[:2])
            return redirect(_with_next(request, reverse("portal:space_code", args=[proof.pk])))
        form.add_error(None, too_many_codes())
    context = {"form": form, "is_new": is_new, **_next(request)}
    return render(request, "portal/space/ask_code.html", context, status=422 if form.errors else 200)


def may_send(request: HttpRequest, email: str) -> bool:
    """Each use counts against all limits, but that nothing more is sent from a place which has asked enough for one
    address: it uses up what is left to nobody else."""
    asked_from = throttle.address_of(request)
    uses = (
        throttle.allowed("space-code-email", f"{email.lower()} {asked_from}", CODES_PER_EMAIL),
        throttle.allowed("space-code-address", asked_from, CODES_PER_ADDRESS),
    )
    return all(uses) and throttle.allowed("space-code-anywhere", email.lower(), CODES_ANYWHERE)


def too_many_codes() -> str:
    return _("Trop de codes ont été demandés. Réessayez dans une heure.")


def _by_key(request: HttpRequest) -> HttpResponse:
    """A key has answered, alone. Wrong answers are counted for that key from that place: nothing else can be guessed,
    and nobody else is slowed down."""
    answer = request.POST["answer"]
    subject = f"{own_keys.claimed(answer)} {throttle.address_of(request)}"
    if throttle.exceeded("space-key", subject, WRONG_HERE):
        return _sign_in_page(request, forms.SignIn(), status=429, key_wrong="often")
    try:
        account = keys.opened_by(request, authority_of(request), answer)
    except Refused:
        throttle.allowed("space-key", subject, WRONG_HERE)
        return _sign_in_page(request, forms.SignIn(), status=422, key_wrong="wrong")
    return _let_in(request, account, shared=bool(request.POST.get(SHARED)))


def _let_in(request: HttpRequest, account: PersonAccount, *, shared: bool = False) -> HttpResponse:
    response = redirect(following(request))
    try:
        sessions.open_session(request, response, account, shared=shared)
    except sessions.Overtaken:
        messages.error(request, _("Votre espace vient de changer. Entrez de nouveau."))
        return redirect(_with_next(request, reverse("portal:space_sign_in")))
    return response


def _sign_in_page(request: HttpRequest, form: forms.SignIn, *, status: int, key_wrong: str = "") -> HttpResponse:
    context = {"form": form, "key_wrong": key_wrong, **keys.question(request), **_next(request)}
    # Asked once, for each of the ways in: it goes with the address of the page.
    shared = bool((request.POST if request.method == "POST" else request.GET).get(SHARED))
    other = {SHARED: ""} if shared else {SHARED: "1"}
    context |= {"platforms": platforms.offered(), "shared": shared}
    context["other_device"] = (
        f"{request.path}?{urlencode(other | ({NEXT: context['next']} if context['next'] else {}))}"
    )
    return render(request, "portal/space/sign_in.html", context, status=status)


def _next(request: HttpRequest) -> dict[str, str]:
    """Where to go once signed in, carried from page to page; empty when it is the home of the space."""
    after = following(request)
    return {"next": "" if after == reverse("portal:space") else after, "next_name": NEXT}


def _with_next(request: HttpRequest, address: str) -> str:
    after = _next(request)["next"]
    return f"{address}?{urlencode({NEXT: after})}" if after else address


def _subjects(request: HttpRequest, email: str) -> tuple[tuple[str, str, throttle.Limit], ...]:
    asked_from = throttle.address_of(request)
    return (
        ("space-wrong-here", f"{email.lower()} {asked_from}", WRONG_HERE),
        ("space-wrong-anywhere", email.lower(), WRONG_ANYWHERE),
        ("space-wrong-address", asked_from, WRONG_FROM_ADDRESS),
    )


def _too_many(request: HttpRequest, email: str) -> bool:
    return any(throttle.exceeded(*each) for each in _subjects(request, email))


def _count_wrong(request: HttpRequest, email: str) -> None:
    for each in _subjects(request, email):
        throttle.allowed(*each)


def wrong_code(left: int) -> str:
    if not left:
        return _("Ce code n’est pas le bon, et il ne sert plus. Demandez-en un autre.")
    return _("Ce code n’est pas le bon. Recopiez les huit chiffres du dernier courriel.")
