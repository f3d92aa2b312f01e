"""Family services: `POST /services` (SOAP 1.1, WS-Security). Registers, finds by our reference, lists what changed."""

import base64
import uuid
from datetime import UTC, date, datetime
from typing import Any

from lxml import etree
from starlette.routing import Route as Address

from etoile.doubles.services_famille.soap import Fault, Server, tree
from etoile.doubles.simulation import documents, telling
from etoile.doubles.simulation.process import MissingSecretError, Settings
from etoile.doubles.simulation.profile import Kind, Profile, Route, Step
from etoile.doubles.simulation.site import Simulation
from etoile.doubles.simulation.store import Item, Store
from etoile.sdk.faults.asgi import Scope

SLUG = "services-famille"
PASSWORD = "services_famille_password"  # noqa: S105 the name of a secret, not a secret
PAGE = 100
YOUNGEST = 3

REGISTRATION = Kind(
    "inscription",
    "FAM",
    steps=(
        Step("A_TRAITER", "À traiter", "received", "Votre inscription est arrivée au service famille."),
        Step("INSTRUCTION", "En cours d’instruction", "in_progress", "Le service famille étudie votre inscription."),
        Step("VALIDEE", "Inscription validée", "accepted", "Votre enfant est inscrit."),
    ),
    side_steps=(
        Step("INCOMPLET", "Dossier incomplet", "more_information_needed", "Il manque une information au dossier."),
        Step("REFUSEE", "Inscription refusée", "refused", "Le service famille n’a pas pu inscrire votre enfant."),
    ),
)
PROFILE = Profile(
    slug=SLUG,
    name="Services famille",
    domain="Accueil périscolaire et restauration",
    how="Parle SOAP, par un contrat (WSDL) inventé : le hub l’appelle et lui demande ce qui a changé.",
    kinds={"inscription": REGISTRATION},
    routes=(
        Route("POST", "/services", "assumed", "SOAP 1.1, WS-Security ; contrat inventé, d’aucun éditeur"),
        Route("GET", "/services", "assumed", "le contrat (WSDL)"),
    ),
    tells="nothing",
)


def build(settings: Settings) -> Simulation:
    """The simulated application, ready to be served."""
    store = Store(settings.data)
    desk = Desk(store)

    def password() -> str:
        try:
            return settings.secret(PASSWORD)
        except MissingSecretError:
            raise Fault("Server", "Application non configurée : le mot de passe manque.") from None

    def work() -> None:
        if settings.auto_seconds is not None:
            telling.advance_ripe(PROFILE, store, settings.auto_seconds)

    server = Server(desk.operations(), password, store.clock)
    addresses = [Address("/services", server.serve, methods=["GET", "POST"])]
    return Simulation(PROFILE, store, addresses, work, writes=registers)


def registers(scope: Scope) -> bool:
    """Every operation is a POST: only its name tells those that write."""
    return b"enregistrerInscription" in dict(scope["headers"]).get(b"soapaction", b"")


class Desk:
    """What each operation of the contract does. Asked twice to register, it registers twice: it knows no better."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def operations(self) -> dict[str, Any]:
        return {
            "enregistrerInscription": self.register,
            "rechercherInscription": self.find,
            "listerChangements": self.changes,
            "version": lambda content: {"numero": "4.2"},
        }

    def register(self, content: etree._Element) -> dict[str, Any]:
        pieces = [_piece(each) for each in content.iterfind("{*}piece")]
        for each in content.findall("{*}piece"):
            content.remove(each)
        asked = tree(content)
        if _age(asked["enfant"]["naissance"], asked["debut"]) < YOUNGEST:
            return {"codeRetour": "KO", "message": "L’enfant doit avoir trois ans au premier jour d’accueil."}
        identifier = str(uuid.uuid4())
        item, _ = self.store.receive(
            REGISTRATION, key=identifier, shown_key="", uuid=identifier, reference=asked["reference"], payload=asked
        )
        for rank, (name, media_type, given) in enumerate(pieces, start=1):
            documents.keep(self.store, item.number, id=str(rank), name=name, media_type=media_type, content=given)
        return {"codeRetour": "OK", "inscription": self._shown(item)}

    def find(self, content: etree._Element) -> dict[str, Any]:
        found = self.store.find(reference=content.findtext("{*}reference", ""))
        return {"inscription": self._shown(found[0]) if found else None}

    def changes(self, content: etree._Element) -> dict[str, Any]:
        since = datetime.fromisoformat(content.findtext("{*}depuis", "")).timestamp() * 1000
        changed = [each for each in self.store.news() if each.changed_at >= since]
        more = "true" if len(changed) > PAGE else "false"
        return {"inscription": [self._shown(each) for each in changed[:PAGE]], "suite": more}

    def _shown(self, item: Item) -> dict[str, Any]:
        last = self.store.rows(
            "SELECT message FROM change WHERE number = ? ORDER BY at DESC, rowid DESC LIMIT 1", item.number
        )
        return {
            "numero": item.number,
            "reference": item.reference,
            "etat": item.code,
            "libelle": item.label,
            "motif": last[0]["message"] or None,
            "modifieLe": _moment(item.changed_at),
        }


def _piece(element: etree._Element) -> tuple[str, str, bytes]:
    content = base64.b64decode(element.findtext("{*}contenu", ""))
    return element.findtext("{*}nom", ""), element.findtext("{*}type", ""), content


def _age(birth: str, day: str) -> int:
    born, then = date.fromisoformat(birth), date.fromisoformat(day)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
