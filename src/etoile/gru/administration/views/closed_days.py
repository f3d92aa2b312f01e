"""The days without work: those of the law, shown; those of the authority, written here."""

from datetime import date, timedelta

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from etoile.design.forms import Plain, day, line
from etoile.design.moments import spelled
from etoile.gru.access import closing
from etoile.gru.access.models import Authority
from etoile.gru.access.services import Refused
from etoile.gru.backoffice.guard import right_required
from etoile.gru.content.hours import holiday

AHEAD = 366


class Closing(Plain):
    first = day(gettext_lazy("Premier jour"), required=gettext_lazy("Écrivez le jour à fermer."))
    last = day(gettext_lazy("Dernier jour"), hint=gettext_lazy("Vide : un seul jour."))
    name = line(
        gettext_lazy("Raison"),
        required=gettext_lazy("Écrivez la raison, par exemple : pont de l’Ascension."),
        hint=gettext_lazy("Exemple : pont de l’Ascension"),
        most=100,
    )


@right_required("authority.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def closed_days(request: HttpRequest) -> HttpResponse:
    authority: Authority = request.user.authority
    if request.method == "POST" and "open" in request.POST:
        closing.open_again(authority, _day(request.POST["open"]), by=request.user)
        notes.success(request, _("Ce jour est de nouveau travaillé."))
        return redirect("administration:closed-days")
    form = Closing(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        first = given["first"]
        try:
            closing.close(authority, first, given["last"] or first, given["name"], by=request.user)
        except Refused as refusal:
            form.add_error("last", " ".join(refusal.problems))
        else:
            notes.success(request, _("C’est noté. Les délais comptés en jours ouvrés sautent ces jours."))
            return redirect("administration:closed-days")
    shown = {"form": form, "title": _("Jours fermés"), **_listed(authority)}
    return render(request, "administration/closed_days.html", shown, status=422 if form.errors else 200)


def _listed(authority: Authority) -> dict[str, object]:
    today = authority.today()
    own = [
        {"day": each.isoformat(), "words": _said(each), "name": name}
        for each, name in closing.days(authority).items()
        if each >= today
    ]
    ahead = (today + timedelta(days=number) for number in range(AHEAD))
    legal = [(_said(each), str(name)) for each in ahead if (name := holiday(each, authority.insee))]
    past = len(authority.closed_days) - len(own)
    return {
        "own": own,
        "legal": legal,
        "past": ngettext("%(n)s jour passé est gardé.", "%(n)s jours passés sont gardés.", past) % {"n": past}
        if past
        else "",
    }


def _said(when: date) -> str:
    return spelled(when, "l j F Y")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
