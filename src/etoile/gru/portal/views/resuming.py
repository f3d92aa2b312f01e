"""Stopping, and taking a request up again on any device: a code to write down, a link by e-mail."""

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from etoile.gru.access.models import Authority
from etoile.gru.filling import keys, resuming
from etoile.gru.filling.applicants import applicant_of
from etoile.gru.filling.errors import DraftConfirmed, DraftUnknown
from etoile.gru.filling.models import Draft
from etoile.gru.filling.opened import Filling
from etoile.gru.portal import keeping, sheets, throttle
from etoile.gru.portal.forms import CodeForm, EmailForm
from etoile.gru.portal.guiding import guided, refuse_confirmed
from etoile.gru.portal.requests import authority_of

log = structlog.get_logger("etoile.portal")

# Only what fails is counted, and a kiosk of the town hall shares one address: it is slowed down, never shut.
WRONG_CODES = throttle.Limit(count=30, seconds=600)
LINKS_PER_DRAFT = throttle.Limit(count=5, seconds=86_400)
LINKS_PER_EMAIL = throttle.Limit(count=5, seconds=3600)
LINKS_PER_ADDRESS = throttle.Limit(count=60, seconds=600)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guided
def later(request: HttpRequest, filling: Filling) -> HttpResponse:
    """It is saved: until when, the code, and the link by e-mail for who wants it."""
    refuse_confirmed(filling)
    form = EmailForm(request.POST if request.method == "POST" else None, initial={"email": _own_email(filling)})
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if _may_send(request, filling, email):
            resuming.send_link(filling, email, language=(get_language() or "fr")[:2])
            messages.success(request, _("Le lien part à l’adresse %(email)s.") % {"email": email})
            return redirect(request.path)
        form.add_error(None, _("Trop de liens ont été demandés. Gardez votre code, ou réessayez dans une heure."))
    context = keeping.kept(filling) | {
        "filling": filling,
        "procedure": filling.version.procedure,
        "definition": filling.definition,
        "form": form,
        "code": resuming.code_of(filling),
        "back": sheets.address(filling, filling.progress.next),
    }
    return render(request, "portal/later.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """The code written down: whoever has it takes the request up."""
    authority, asked_from = authority_of(request), throttle.address_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if throttle.exceeded("resume", asked_from, WRONG_CODES):
            form.add_error("code", _("Trop de codes faux ont été donnés d’ici. Réessayez dans dix minutes."))
        else:
            try:
                return _open(request, authority, resuming.by_code(form.cleaned_data["code"], authority=authority))
            except DraftUnknown:
                throttle.allowed("resume", asked_from, WRONG_CODES)
                words = _("Ce code n’ouvre aucune demande. Vérifiez-le, par exemple K7QM-3XPT-9DBR.")
                form.add_error("code", f"{words} {_('Une demande commencée s’efface après sept jours.')}")
    return render(request, "portal/resume.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the e-mail. Nothing opens before the button: mail servers follow links."""
    authority = authority_of(request)
    try:
        draft = resuming.by_token(token, authority=authority)
        if request.method == "POST":
            return _open(request, authority, draft)
    except DraftUnknown:
        return render(request, "portal/resume_unknown.html", status=404)
    return render(request, "portal/resume_link.html", {"draft": draft, "definition": draft.version.definition})


def _open(request: HttpRequest, authority: Authority, draft: Draft) -> HttpResponse:
    procedure = draft.version.procedure
    known = keys.key_of(request, draft.id)
    try:
        opened, key = (draft, known) if known and keys.opens(draft, known) else resuming.let_in(draft)
    except DraftConfirmed as refusal:
        messages.info(request, str(refusal))
        return redirect("portal:tracking")
    log.info("draft.taken_up", draft=str(draft.id), authority=authority.slug)
    response = redirect("portal:take_up", procedure.slug, draft.id)
    keys.remember(response, opened, key)
    return response


@never_cache
@require_http_methods(["GET", "HEAD"])
@guided
def take_up(request: HttpRequest, filling: Filling) -> HttpResponse:
    """Where the person was."""
    refuse_confirmed(filling)
    return redirect(sheets.address(filling, filling.progress.next))


def _may_send(request: HttpRequest, filling: Filling, email: str) -> bool:
    uses = (
        ("resume-draft", str(filling.draft.id), LINKS_PER_DRAFT),
        ("resume-email", email.lower(), LINKS_PER_EMAIL),
        ("resume-address", throttle.address_of(request), LINKS_PER_ADDRESS),
    )
    # Each use counts against the three limits, whichever says no.
    answers = [throttle.allowed(purpose, subject, limit) for purpose, subject, limit in uses]
    return all(answers)


def _own_email(filling: Filling) -> str:
    """The one already given in the form."""
    applicant = applicant_of(filling.definition, filling.answers)
    return str(applicant.get("email") or "")
