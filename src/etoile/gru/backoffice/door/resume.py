"""The page that gives back what was being sent when the session ended."""

from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from etoile.gru.access import sessions, unsent
from etoile.gru.access.models import Account
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.cases.queries import visible_to


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponseBase:
    """To be read again, then sent where it was going, or dropped."""
    holder, named = sessions.holder(request.user), partial(place_of, request.user)
    if request.method != "POST":
        return render(request, "backoffice/door/resume.html", {"kept": unsent.of(holder, named)})
    return unsent.answered(request, holder, back=reverse("backoffice:resume"), home=reverse("backoffice:inbox"))


def place_of(account: Account, path: str) -> str:
    """What an agent calls the page at this path: a case by its reference, else the part of the back-office."""
    own, _slash, rest = path.partition("?")[0].removeprefix("/agents/").partition("/")
    if own == "demandes" and rest:
        try:
            case = visible_to(account).filter(pk=resolve(path.partition("?")[0]).kwargs.get("pk")).first()
        except Resolver404:
            case = None
        return _("Demande %(reference)s") % {"reference": case.reference} if case is not None else _("Une demande")
    return _parts().get(own, _("Espace des agents"))


def _parts() -> dict[str, str]:
    return {
        "": _("Demandes"),
        "absences": _("Absences"),
        "administration": _("Administration"),
        "anomalies": _("Anomalies"),
        "archives": _("Archives"),
        "avis": _("Avis des usagers"),
        "demarches": _("Démarches"),
        "dpo": _("Données personnelles"),
        "exports": _("Demandes"),
        "listes": _("Demandes"),
        "lots": _("Demandes"),
        "personnes": _("Personnes"),
        "reponses": _("Réponses types"),
        "saisie": _("Saisir"),
    }
