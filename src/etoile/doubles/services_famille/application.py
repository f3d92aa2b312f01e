"""Family services: `POST /evenements` (CloudEvents, Standard Webhooks), answers its own number, publishes statuses."""

import time
from typing import Any

import urllib3
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Address

from etoile.contract.envelope import EnvelopeError, Event
from etoile.contract.problem import Problem
from etoile.contract.signature import SignatureError, verify
from etoile.doubles.simulation import documents, telling
from etoile.doubles.simulation.process import MissingSecretError, Settings
from etoile.doubles.simulation.profile import Kind, Profile, Route, Step
from etoile.doubles.simulation.site import Simulation
from etoile.doubles.simulation.store import Store

SLUG = "services-famille"
SIGNING_SECRET = "services_famille_signing_secret"  # noqa: S105 the name of a secret, not a secret
CLIENT_SECRET = "services_famille_client_secret"  # noqa: S105
SUBMITTED = "org.etoile.case.submitted.v1"
MAX_BODY = 2**20

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
    how="Reçoit des évènements signés du hub et publie elle-même l’avancement.",
    kinds={"inscription": REGISTRATION},
    routes=(Route("POST", "/evenements", "assumed", "contrat du hub : CloudEvents et Standard Webhooks"),),
)


def build(settings: Settings) -> Simulation:
    """The simulated application, ready to be served."""
    store = Store(settings.data)
    reception = Reception(store, settings)
    client = settings.client(SLUG, CLIENT_SECRET)
    pool = urllib3.PoolManager()

    def work() -> None:
        documents.fetch_due(store, pool)
        if settings.auto_seconds is not None:
            telling.advance_ripe(PROFILE, store, settings.auto_seconds)
        telling.publish_due(store, client)

    return Simulation(PROFILE, store, [Address("/evenements", reception.receive, methods=["POST"])], work)


class Reception:
    """The door through which the hub's events come in."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        if len(body) > MAX_BODY:
            return _problem(413, "message trop volumineux", "")
        try:
            secret = self.settings.secret(SIGNING_SECRET)
            key = verify(secret, dict(request.headers), body, now=int(time.time()))
            event = Event.from_json(body)
        except MissingSecretError:
            return _problem(503, "application non configurée", "le secret de signature manque")
        except SignatureError:
            return _problem(401, "signature refusée", "la signature de l’évènement n’est pas valable")
        except EnvelopeError as error:
            return _problem(400, "évènement illisible", "; ".join(v.detail for v in error.violations))
        return JSONResponse({"external_id": self.take(key, event)}, 201)

    def take(self, key: str, event: Event) -> str | None:
        """The number of the item this event makes or concerns; None when it concerns nothing known here."""
        if event.type != SUBMITTED:
            known = self.store.find(subject=event.subject)
            if not known:
                return None
            self.store.note(known[0].number, key=key, message=f"reçu : {event.type}")
            documents.announce(self.store, known[0].number, _documents(event))
            return known[0].number
        item, _ = self.store.receive(
            REGISTRATION,
            key=key,
            uuid=event.id,
            reference=event.data.get("case", {}).get("reference", ""),
            payload=event.data,
            subject=event.subject,
            authority=event.authority,
            correlation=event.correlationid or event.id,
        )
        documents.announce(self.store, item.number, _documents(event))
        telling.tell_first(PROFILE, self.store, item)
        return item.number


def _documents(event: Event) -> list[dict[str, Any]]:
    listed = event.data.get("documents") or []
    return [*listed, event.data["document"]] if "document" in event.data else list(listed)


def _problem(status: int, title: str, detail: str) -> Response:
    problem = Problem("refused", title, status, detail)
    return JSONResponse(problem.to_dict(), status, media_type="application/problem+json")
