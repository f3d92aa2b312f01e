"""The end of a request, on its person's side: withdrawing it, taking it up again, saying how it went."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from etoile.design.fields import ErrorLink, FieldView, Option
from etoile.gru.cases import services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.views_of_person import Tracking
from etoile.gru.forms.fields.base import cleaned_lines
from etoile.gru.portal.views.tracking import opened, person
from etoile.gru.ratings.models import Rating
from etoile.gru.ratings.queries import of_case
from etoile.gru.ratings.services import COMMENT_LIMIT, RatingRefused, rate

REASON_LIMIT = 1000
ASKED = ["GET", "HEAD", "POST"]
SCORES = {
    "5": gettext_lazy("Très bien"),
    "4": gettext_lazy("Bien"),
    "3": gettext_lazy("Moyennement bien"),
    "2": gettext_lazy("Mal"),
    "1": gettext_lazy("Très mal"),
}


@never_cache
@require_http_methods(ASKED)
@opened
def withdraw(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    """Asked on a page of its own: the service stops working on it."""
    if request.method == "POST" and view.can_withdraw:
        try:
            services.withdraw(view.id, person(view), reason=_typed(request, "reason")[:REASON_LIMIT])
        except CaseError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Votre demande est retirée. Le service en est informé."))
    if request.method == "POST" or not view.can_withdraw:
        return redirect("portal:follow", key)
    reason = FieldView("reason", _("Pourquoi retirez-vous votre demande ?"), "textarea", hint=_("Facultatif."), rows=3)
    return render(request, "portal/withdraw.html", {"view": view, "key": key, "reason": reason})


@never_cache
@require_http_methods(ASKED)
@opened
def reopen(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    """A request withdrawn, or closed without decision, is taken up again with a reason."""
    if not view.can_be_reopened:
        return redirect("portal:follow", key)
    typed, wrong = _typed(request, "reason"), ""
    if request.method == "POST":
        try:
            services.take_back(view.id, person(view), reason=typed[:REASON_LIMIT])
        except CaseError as error:
            wrong = str(error)
        else:
            messages.success(request, _("Votre demande est rouverte. Le service en est prévenu."))
            return redirect("portal:follow", key)
    reason = FieldView(
        "reason",
        _("Pourquoi reprenez-vous votre demande ?"),
        "textarea",
        required=True,
        value=typed,
        error=wrong,
        hint=_("Par exemple : j’ai retrouvé le document qui manquait."),
        rows=3,
    )
    return _asked(request, "portal/reopen.html", view, key, {"reason": reason})


@never_cache
@require_http_methods(ASKED)
@opened
def give_rating(request: HttpRequest, view: Tracking, key: str) -> HttpResponse:
    """How it went, once answered. Said again, the last word counts."""
    if view.case.is_open:
        return redirect("portal:follow", key)
    given, wrong = of_case(view.id), ""
    score, comment = _given(request, given)
    if request.method == "POST":
        try:
            rate(view.case, score, comment)
        except RatingRefused as error:
            wrong = str(error)
        else:
            messages.success(request, _("Merci. Votre avis aide à améliorer cette démarche."))
            return redirect("portal:follow", key)
    of_comment = len(comment) > COMMENT_LIMIT
    fields = {
        "score": FieldView(
            "score",
            _("Comment s’est passée votre démarche ?"),
            "radios",
            required=True,
            options=tuple(Option(value, str(words), checked=value == score) for value, words in SCORES.items()),
            error="" if of_comment else wrong,
        ),
        "comment": FieldView(
            "comment",
            _("Qu’est-ce qui a bien marché, ou pas ?"),
            "textarea",
            value=comment,
            hint=_(
                "Facultatif. N’écrivez ni nom ni renseignement personnel. "
                "Pour une réponse, écrivez plutôt un message au service."
            ),
            error=wrong if of_comment else "",
            rows=4,
        ),
    }
    return _asked(request, "portal/rate.html", view, key, fields)


def _given(request: HttpRequest, before: Rating | None) -> tuple[str, str]:
    """What is typed, else what was said before."""
    if request.method == "POST":
        return request.POST.get("score", ""), _typed(request, "comment")
    return (str(before.score), before.comment) if before is not None else ("", "")


def _typed(request: HttpRequest, name: str) -> str:
    return cleaned_lines(request.POST.get(name)) or ""


def _asked(request: HttpRequest, template: str, view: Tracking, key: str, fields: dict[str, FieldView]) -> HttpResponse:
    errors = [ErrorLink(each.id, each.error) for each in fields.values() if each.error]
    context: dict[str, Any] = {"view": view, "key": key, "errors": errors, **fields}
    return render(request, template, context, status=422 if errors else 200)
