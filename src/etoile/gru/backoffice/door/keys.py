"""The keys of an agent at the door: they answer in the place of a code, and are added after one.

What a key is asked is kept in the session, for five minutes and for one answer."""

import time

from django import forms
from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from etoile.design.forms import Plain
from etoile.gru.access.models import Account
from etoile.gru.access.services import number_of
from etoile.gru.audit.services import note
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.passkeys import services
from etoile.gru.passkeys.ceremony import SECONDS, Refused, challenge, here
from etoile.gru.passkeys.models import Passkey

ASKED = "asked_of_a_key"
MAY_ADD = "may_add_a_key"
# From the code to the key, the time to find it included.
TO_ADD = 15 * 60


class NewKey(Plain):
    """`answer` is what the key said, as JSON; the script of the page puts it there."""

    name = forms.CharField(
        label=gettext_lazy("Nom de cette clé"),
        max_length=60,
        help_text=gettext_lazy("Pour la reconnaître, par exemple « Ordinateur du guichet » ou « Clé USB bleue »."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Donnez un nom à cette clé.")},
    )
    answer = forms.CharField(widget=forms.HiddenInput, required=False)


def possible(request: HttpRequest) -> bool:
    return here(request).possible


def of(request: HttpRequest) -> list[Passkey]:
    return services.of(services.agent(request.user), here(request))


def question(request: HttpRequest, account: Account) -> str:
    """What the browser asks of one of the account's keys; nothing when it has none here."""
    place = here(request)
    mine = services.of(services.agent(account), place) if place.possible else []
    return services.to_prove(mine, place, _ask(request, "prove")) if mine else ""


def proves(request: HttpRequest, account: Account) -> bool:
    """Whether the answer sent is that of a key of the account to what was asked; a refusal is in the audit log."""
    asked = _asked(request, "prove")
    try:
        services.check(services.agent(account), here(request), asked, request.POST["answer"])
    except Refused as refused:
        detail = {"why": str(refused)[:200]}
        note("agent.key_refused", authority=number_of(account), by=account, subject=account.email, detail=detail)
        return False
    return True


def let_add(request: HttpRequest) -> None:
    request.session[MAY_ADD] = time.time()


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new key, for who has just given a code."""
    place = here(request)
    if time.time() - request.session.get(MAY_ADD, 0) > TO_ADD or not place.possible:
        return redirect("backoffice:safety")
    mine, form = services.agent(request.user), NewKey(request.POST or None)
    wrong = request.method == "POST" and not _added(request, form)
    if request.method == "POST" and not wrong and not form.errors:
        return redirect("backoffice:safety")
    shown = {"form": form, "wrong": wrong and not form.errors}
    shown["key"] = services.to_add(mine, place, _ask(request, "add"))
    return render(request, "backoffice/door/key.html", shown, status=422 if request.method == "POST" else 200)


@agent_required
@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """One of mine."""
    name = services.remove(services.agent(request.user), number)
    if not name:
        raise Http404
    _note(request, "agent.key_removed", name)
    notes.success(request, _("La clé « %(name)s » n’ouvre plus rien ici.") % {"name": name})
    return redirect("backoffice:safety")


def _added(request: HttpRequest, form: NewKey) -> bool:
    asked = _asked(request, "add")
    if not form.is_valid():
        return False
    name, answer = form.cleaned_data["name"], form.cleaned_data["answer"]
    try:
        services.add(services.agent(request.user), here(request), asked, answer, name)
    except Refused:
        return False
    request.session.pop(MAY_ADD, None)
    _note(request, "agent.key_added", name)
    notes.success(
        request,
        _("La clé « %(name)s » est enregistrée : à la prochaine connexion, elle remplace le code.") % {"name": name},
    )
    return True


def _note(request: HttpRequest, what: str, name: str) -> None:
    account = request.user
    note(what, authority=number_of(account), by=account, subject=account.email, detail={"key": name})


def _ask(request: HttpRequest, purpose: str) -> str:
    asked = challenge()
    request.session[ASKED] = {"what": asked, "for": purpose, "at": time.time()}
    return asked


def _asked(request: HttpRequest, purpose: str) -> str:
    """What was asked for this purpose, which is then asked no more. Something nobody was asked when it is too late."""
    kept = request.session.pop(ASKED, None)
    if not kept or kept["for"] != purpose or time.time() - kept["at"] > SECONDS:
        return challenge()
    return str(kept["what"])
