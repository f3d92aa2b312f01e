"""What is known of me: who said it, how sure it is, and what I may change."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from etoile.design.fields import ErrorLink
from etoile.design.moments import spelled
from etoile.design.parts import SummaryRow
from etoile.gru.accounts import profile
from etoile.gru.accounts.models import PersonSession
from etoile.gru.accounts.profile import Known
from etoile.gru.filling.questions import Question, identifier, view
from etoile.gru.forms.definition import Field
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.reading import answers_of
from etoile.gru.people import words
from etoile.gru.people.models import Level
from etoile.gru.portal.space.frame import show
from etoile.gru.portal.space.guard import person_required

HERE = "portal:space_profile"
# How each is known, as its person reads it.
SAID: dict[int, str | Promise] = {
    Level.DECLARED: gettext_lazy("Dit par vous"),
    Level.CHECKED_BY_CODE: gettext_lazy("Vérifié par un code"),
    Level.UNOFFICIAL_PROOF: gettext_lazy("Vérifié sur un justificatif"),
    Level.UNOFFICIAL_PROOF_SEEN: gettext_lazy("Vérifié sur un justificatif, au guichet"),
    Level.OFFICIAL_PROOF: gettext_lazy("Vérifié sur un document officiel"),
    Level.OFFICIAL_PROOF_SEEN: gettext_lazy("Vérifié sur un document officiel, au guichet"),
    Level.FRANCECONNECT: gettext_lazy("Confirmé par FranceConnect"),
}
# Where they said it.
WHERE: dict[str, str | Promise] = {
    "declared": gettext_lazy("dans une demande"),
    profile.SOURCE: gettext_lazy("dans votre espace"),
}


@require_safe
@person_required
def read(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    """What is known, line by line; nothing is shown that would not be said of it."""
    known = profile.known(session.account)
    asked = {each.id: each for each in profile.questions().fields}
    rows = [_row(words.label(key), known[key], each) for key, each in asked.items() if key in known]
    rows += [_row(words.label(key), each, key=key) for key, each in known.items() if key not in asked]
    return show(request, "portal/space/profile.html", HERE, {"rows": rows, "account": session.account})


@require_http_methods(["GET", "HEAD", "POST"])
@person_required
def change(request: HttpRequest, session: PersonSession) -> HttpResponseBase:
    page, known = profile.questions(), profile.known(session.account)
    typed: dict[str, Any] = {key: each.value for key, each in known.items()}
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = {**typed, **answers_of(page, request.POST)}
        errors = profile.say(session.account, typed)
        if not errors:
            messages.success(request, _("C’est noté. Vos prochains formulaires en seront remplis."))
            return redirect(HERE)
    open_ones = [each for each in page.fields if not (each.id in known and known[each.id].sure)]
    views = [view(Question(each, False, _shown(each, typed), errors.get(each.id, ""))) for each in open_ones]
    context = {
        "fields": views,
        "fixed": [_row(words.label(each.id), known[each.id], each) for each in page.fields if each not in open_ones],
        "errors": [ErrorLink(identifier(key), words) for key, words in errors.items()],
    }
    return show(request, "portal/space/profile_change.html", HERE, context, status=422 if errors else 200)


def _shown(each: Field, typed: dict[str, Any]) -> Any:
    return TYPES[each.type].normalise(typed.get(each.id), each)


def _row(label: str, known: Known, asked: Field | None = None, *, key: str = "") -> SummaryRow:
    if asked is not None:
        values = [TYPES[asked.type].summary(known.value, asked)]
    else:
        values = [_day(each) for each in words.lines(key, known.value)]
    how = str(SAID[known.level])
    if known.level == Level.DECLARED and known.source in WHERE:
        how = f"{how} {WHERE[known.source]}"
    told = _("%(how)s le %(day)s") % {"how": how, "day": spelled(timezone.localtime(known.at))}
    if known.expires_at is not None:
        told += f" – {_('valable jusqu’au %(day)s') % {'day': spelled(timezone.localtime(known.expires_at))}}"
    return SummaryRow(label, (*values, told))


def _day(value: str) -> str:
    try:
        return spelled(date.fromisoformat(value))
    except ValueError:
        return value
