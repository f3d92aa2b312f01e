"""Which e-mails a person receives: chosen from the page of a request, or from the link of any e-mail."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from etoile.design.fields import ErrorLink, FieldView, Option
from etoile.gru.accounts.models import PersonSession
from etoile.gru.cases.views_of_person import Tracking
from etoile.gru.notices import wishes
from etoile.gru.notices.models import Wish
from etoile.gru.portal.requests import authority_of
from etoile.gru.portal.space.guard import person_required
from etoile.gru.portal.views.tracking import opened

ASKED = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(ASKED)
@opened
def of_case(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    if not view.case.contact_email:
        return redirect("portal:follow", key)
    return _page(request, view.case.contact_email, back=key)


@never_cache
@require_http_methods(ASKED)
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    email = wishes.address_of(token, authority=authority_of(request))
    if not email:
        return render(request, "portal/wishes_unknown.html", status=404)
    return _page(request, email)


@csrf_exempt
@never_cache
@require_http_methods(ASKED)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The one click of a mail program (RFC 8058): it has no page, no cookie, and says only this. Followed by a person,
    or by a robot that reads every link, it changes nothing and shows the page."""
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return redirect("portal:wishes", token)
    authority = authority_of(request)
    email = wishes.address_of(token, authority=authority)
    if not email:
        return render(request, "portal/wishes_unknown.html", status=404)
    wishes.choose(authority, email, Wish.LEGAL)
    return HttpResponse(_("C’est noté. Cela vaut dès le prochain courriel."), content_type="text/plain; charset=utf-8")


@require_http_methods(ASKED)
@person_required
def of_account(request: HttpRequest, session: PersonSession) -> HttpResponse:
    """Of the address that opens the space, for all the requests made with it."""
    if not session.account.email:
        return redirect("portal:space_email")
    return _page(request, session.account.email, in_space=True)


def _page(request: HttpRequest, email: str, *, back: str = "", in_space: bool = False) -> HttpResponse:
    authority = authority_of(request)
    given, wrong = request.POST.get("wish", ""), ""
    if request.method == "POST":
        if given in Wish.values:
            wishes.choose(authority, email, Wish(given))
            messages.success(request, _("C’est noté. Cela vaut dès le prochain courriel."))
            return redirect("portal:follow", back) if back else redirect(request.path)
        wrong = _("Choisissez une réponse, par exemple : À chaque étape.")
    field = _choice(given or wishes.wish_of(authority, email), wrong)
    errors = [ErrorLink(field.id, wrong)] if wrong else []
    shown = {"email": wishes.masked(email), "field": field, "errors": errors, "back": back, "in_space": in_space}
    return render(request, "portal/wishes.html", shown, status=422 if wrong else 200)


def _choice(chosen: str, wrong: str) -> FieldView:
    said = {
        Wish.EVERY_STEP: (_("À chaque étape"), _("Quand votre demande avance ou que vos documents sont arrivés.")),
        Wish.NEEDED: (
            _("S’il y a quelque chose à lire ou à faire"),
            _("Un message ou un document du service, un rappel."),
        ),
        Wish.LEGAL: (
            _("Seulement ce que la loi impose"),
            _("L’accusé, ce qui vous est demandé, la réponse. Les rappels ne vous parviennent plus."),
        ),
    }
    options = tuple(Option(wish, words, hint, checked=wish == chosen) for wish, (words, hint) in said.items())
    return FieldView(
        "wish", _("Quand voulez-vous un courriel ?"), "radios", required=True, options=options, error=wrong
    )
