"""My passkeys: each opens my space alone. Without a script nothing is offered, and the passphrase serves as before.

A question asked of a key is signed in the page that carries it, and answered once.
"""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from etoile.gru.access.models import Authority
from etoile.gru.accounts import keys, sessions
from etoile.gru.accounts.models import PersonAccount, PersonSession
from etoile.gru.passkeys import services
from etoile.gru.passkeys.ceremony import SECONDS, Refused, challenge, here
from etoile.gru.portal.space import forms, platforms, proving
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required

SAFETY = "portal:space_safety"
SALT = "etoile.gru.portal.space.keys"
TO_OPEN = "open"
# Some leave the sign-in page open while they look for their telephone.
TO_COME = 3600


def question(request: HttpRequest) -> dict[str, str]:
    """For the sign-in page: what is asked of any key made here; nothing where browsers give none."""
    place = here(request)
    if not place.possible:
        return {}
    asked = challenge()
    return {"key": services.to_open(place, asked), "asked": _signed(asked, TO_OPEN)}


def opened_by(request: HttpRequest, authority: Authority, answer: str) -> PersonAccount:
    """The account that the key of this request opens. Raises `Refused`."""
    return keys.opened_by(authority, here(request), _asked(request, TO_OPEN), answer)


def shown(request: HttpRequest, session: PersonSession) -> dict[str, Any]:
    """For the page of one's safety. One statement."""
    place = here(request)
    return {"keys": keys.of(session.account, place), "keys_possible": place.possible}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def add(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """Its name and the passphrase first; then the key itself, which the page asks for."""
    place = here(request)
    if not place.possible or len(keys.of(session.account, place)) >= services.MOST:
        messages.error(request, _too_many() if place.possible else _nowhere())
        return redirect(SAFETY)
    if request.method == "POST" and "answer" in request.POST:
        return _added(request, session)
    form = forms.NewKey(request.POST if request.method == "POST" else None, account=session.account)
    context: dict[str, Any] = {"form": form, "may": proving.may_let_in(session)}
    if not context["may"]:
        return show(request, "portal/space/key.html", SAFETY, {**context, **platforms.ways(session, request.path)})
    if request.method == "POST" and form.is_valid() and proving.proved(session, form):
        asked = challenge()
        ready = {
            "key": keys.to_add(session.account, place, asked),
            "asked": _signed(asked, sessions.number(session)),
            "name": form.cleaned_data["name"],
        }
        return show(request, "portal/space/key_touch.html", SAFETY, ready)
    return show(request, "portal/space/key.html", SAFETY, context, status=422 if form.errors else 200)


@require_POST
@person_required
def remove(request: HttpRequest, session: PersonSession, number: int) -> HttpResponseBase:
    """One of mine."""
    name = keys.remove(session, number)
    if not name:
        raise Http404
    told = _("La clé « %(name)s » n’ouvre plus votre espace. Vos autres appareils ont été déconnectés.")
    messages.success(request, told % {"name": name})
    return redirect(SAFETY)


def _added(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """The question was asked of this very session, after the passphrase."""
    name = request.POST.get("name", "").strip()[:60] or _("Ma clé")
    try:
        asked = _asked(request, sessions.number(session))
        keys.add(session.account, here(request), asked, request.POST["answer"], name)
    except Refused:
        form = forms.NewKey(initial={"name": name}, account=session.account)
        context = {"form": form, "may": proving.may_let_in(session), "wrong": True}
        context |= platforms.ways(session, request.path)
        return show(request, "portal/space/key.html", SAFETY, context, status=422)
    messages.success(request, _("La clé « %(name)s » ouvre désormais votre espace, seule.") % {"name": name})
    return redirect(SAFETY)


def _too_many() -> str:
    return _("Vous avez déjà %(n)d clés d’accès. Retirez-en une pour en ajouter une autre.") % {"n": services.MOST}


def _nowhere() -> str:
    return _("À cette adresse, les navigateurs ne donnent pas de clé d’accès.")


def _signed(asked: str, purpose: str) -> str:
    return signing.dumps([asked, purpose], salt=SALT)


def _asked(request: HttpRequest, purpose: str) -> str:
    """What this page asked for this purpose; empty when nothing was, or too long ago."""
    try:
        age = TO_COME if purpose == TO_OPEN else SECONDS
        asked, of = signing.loads(request.POST.get("asked", ""), salt=SALT, max_age=age)
    except signing.BadSignature:
        return ""
    return str(asked) if of == purpose else ""
