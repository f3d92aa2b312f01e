"""Addresses of an agent who writes requests down for others, under /agents/saisie/.

The pages of a form are those of the portal (`portal.frames`), behind the guard of agents.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, include, path

from etoile.gru.backoffice.guard import right_required
from etoile.gru.counter.entering import WITHIN
from etoile.gru.counter.views import asking, desk, printing
from etoile.gru.portal.views import filling, resuming

ENTRY = "demarche/<slug:slug>/<uuid:draft>"


def form(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    guarded: Any = right_required("cases.treat")(view)
    return path(f"{ENTRY}/{address}", guarded, {"within": WITHIN}, name=name)


patterns = [
    path("", desk.home, name="home"),
    path("lettres/", printing.listing, name="letters"),
    path("lettres/<uuid:pk>.pdf", printing.letter, name="letter"),
    path("renseignements/", asking.listing, name="questions"),
    path("renseignements/nouveau/", asking.new, name="question-new"),
    path("renseignements/<int:number>/reponse/", asking.answer, name="question-answer"),
    path("demarche/<slug:slug>/", desk.begin, name="begin"),
    path(f"{ENTRY}/enregistree", desk.done, name="done"),
    path(f"{ENTRY}/accuse.pdf", desk.receipt, name="receipt"),
    path(f"{ENTRY}/remis", desk.handed, name="handed"),
    form("verifier", filling.summary, "summary"),
    form("garder", filling.prolong, "prolong"),
    form("effacer", filling.abandon, "abandon"),
    form("plus-tard", resuming.later, "later"),
    form("<slug:page>/", filling.page, "page"),
]

urlpatterns = [path("", include((patterns, WITHIN)))]
