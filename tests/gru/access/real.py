"""An address of something that exists for each route: those of the browser tests, on the same town at work."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from django.urls import Resolver404, resolve
from tests.browser.gru.entries import ENTRIES, NO_PAGE
from tests.browser.harness.site import Scenery

# What each form is sent with, where an empty one would be refused before what it is about is looked for.
BODIES = {
    "agents/anomalies/entrant/<int:pk>/": {"drop": "1", "entrant-{held}-reason": "Reçue par erreur"},
    "agents/anomalies/sortant/<uuid:event_id>/": {"drop": "1", "sortant-{outgoing}-reason": "Envoyé par erreur"},
    "agents/avis/<uuid:pk>/": {"decision": "keep", "seen": "{rated_at}"},
    "agents/etiquettes/<int:pk>/": {"name": "Autrement"},
    "agents/saisie/renseignements/<int:number>/reponse/": {"r{question}-answer": "Lundi."},
    "courriels/<str:token>/arret": {"List-Unsubscribe": "One-Click"},
}
# Names of the program's own things, the same in every authority: each shows what is the reader's.
OF_THE_PROGRAM = frozenset(
    {
        "agents/administration/accessibilite/<slug:product>/",
        "agents/administration/messages/<slug:template>/",
        "agents/administration/textes/<slug:page>/<slug:language>/",
        "agents/demarches/bibliotheque/<slug:ready>/",
    }
)
# What is opened by a secret that its form carries, or shows something only once.
WITHOUT = ("agents/connexion/",)


@dataclass(frozen=True, slots=True)
class Real:
    """`who`: the name of the cookies that open it; empty, nobody in particular."""

    address: str
    who: str
    body: dict[str, str] | None = None


def addresses(scenery: Scenery) -> dict[str, Real]:
    """By route, one that names what the town really has."""
    found: dict[str, Real] = {}
    for entry in [*ENTRIES, *NO_PAGE]:
        if entry.route.startswith(WITHOUT) or getattr(entry, "status", 200) == 404:
            continue
        for written in _written(entry.address or entry.route, getattr(entry, "submit", None)):
            address = "/" + written.format(**scenery.places)
            if _route(address) == entry.route:
                found.setdefault(entry.route, Real(address, entry.who, _body(entry.route, scenery.places)))
    return found


def client(scenery: Scenery, who: str, host: str) -> Client:
    made = Client(SERVER_NAME=host)
    for name, value in scenery.cookies.get(who, {}).items():
        made.cookies[name] = value
    return made


def _body(route: str, places: dict[str, str]) -> dict[str, str] | None:
    given = BODIES.get(route)
    return given and {name.format(**places): value.format(**places) for name, value in given.items()}


def _written(address: str, submit: str | None) -> Iterator[str]:
    """Of the page itself, or of the form that is sent from it: what an entry keeps of that one is its end."""
    page = address.partition("?")[0]
    parts = page.strip("/").split("/")
    if submit:
        yield from (f"{'/'.join(parts[:count])}{submit}" for count in range(len(parts), -1, -1))
    yield page


def _route(address: str) -> str:
    try:
        return str(resolve(address).route)
    except Resolver404:
        return ""
