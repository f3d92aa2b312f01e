"""My sessions, my passphrase, my address, and the end of my account."""

import uuid

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.gru.accounts import proofs, services, sessions
from etoile.gru.accounts.models import PersonSession
from etoile.gru.portal.space import coming, forms, keys, platforms, proving
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required

HERE = "portal:space_safety"
ASKED = ["GET", "HEAD", "POST"]


@require_safe
@person_required
def safety(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    context = {
        "account": session.account,
        "sessions": sessions.of_account(session.account),
        "own": sessions.number(session),
        **platforms.ways(session, request.path),
        **keys.shown(request, session),
    }
    return show(request, "portal/space/safety.html", HERE, context)


@require_POST
@person_required
def end_sessions(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """One of mine, or all but this one."""
    ended = sessions.end(session.account, kept=session, only=request.POST.get("session", ""))
    told = ngettext("%(n)s session est fermée.", "%(n)s sessions sont fermées.", ended) % {"n": ended}
    messages.success(request, told if ended else _("Cette session était déjà fermée."))
    return redirect(HERE)


@sensitive_post_parameters()
@require_http_methods(ASKED)
@person_required
def passphrase(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    if not session.account.passphrase:
        return redirect("portal:space_forgotten")
    form = forms.OtherPhrase(request.POST if request.method == "POST" else None, account=session.account)
    if request.method == "POST" and form.is_valid() and proving.proved(session, form):
        try:
            services.change_passphrase(session, form.cleaned_data["passphrase"])
        except services.AccountRefused as refusal:
            form.add_error("passphrase", str(refusal))
        else:
            messages.success(request, _("Votre phrase secrète a changé. Vos autres appareils devront la donner."))
            return redirect(HERE)
    return show(request, "portal/space/passphrase.html", HERE, {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(ASKED)
@person_required
def email(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """The new address receives a code, whatever it is."""
    if not proving.may_let_in(session):
        return platforms.confirm(request, session, _("Changer d’adresse électronique"), request.path)
    form = forms.OtherAddress(request.POST if request.method == "POST" else None, account=session.account)
    if request.method == "POST" and form.is_valid() and proving.proved(session, form):
        wanted = form.cleaned_data["email"]
        if coming.may_send(request, wanted):
            language = (get_language() or "fr")[:2]
            proof = proofs.ask(session.account.authority, wanted, language=language, account=session.account)
            return redirect("portal:space_email_code", proof.pk)
        form.add_error(None, coming.too_many_codes())
    return show(request, "portal/space/email.html", HERE, {"form": form}, status=422 if form.errors else 200)


@require_http_methods(ASKED)
@person_required
def email_code(request: HttpRequest, session: PersonSession, proof: uuid.UUID) -> HttpResponseBase:
    form = forms.Code(request.POST if request.method == "POST" else None)
    try:
        sent_to = proofs.alive(session.account.authority, proof, of=session.account).email
        if request.method == "POST" and form.is_valid():
            services.change_email(session, proof, form.cleaned_data["code"])
            messages.success(request, _("Votre espace s’ouvre désormais avec cette adresse."))
            return redirect(HERE)
    except proofs.WrongCode as wrong:
        form.add_error("code", coming.wrong_code(wrong.left))
    except services.AccountRefused as refusal:
        form.add_error(None, str(refusal))
    except proofs.ProofEnded:
        return show(request, "portal/space/code_ended.html", HERE, status=404)
    context = {"form": form, "email": sent_to}
    return show(request, "portal/space/email_code.html", HERE, context, status=422 if form.errors else 200)


@sensitive_post_parameters()
@require_http_methods(ASKED)
@person_required
def close(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """What goes, what stays; then it is done at once."""
    if not proving.may_let_in(session):
        return platforms.confirm(request, session, _("Fermer mon espace"), request.path)
    form = forms.Closing(request.POST if request.method == "POST" else None, account=session.account)
    if request.method == "POST" and form.is_valid() and proving.proved(session, form):
        services.close(session.account)
        messages.success(request, _("Votre espace est fermé, et ce qu’il gardait est effacé."))
        response = redirect("portal:home")
        sessions.forget_cookie(response)
        return response
    return show(request, "portal/space/close.html", HERE, {"form": form}, status=422 if form.errors else 200)
