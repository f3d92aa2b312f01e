"""Events: asks the hub every second for what is addressed to it, gives its number, publishes statuses."""

import time
from collections.abc import Callable

import urllib3

from etoile.contract.client import Ack, HubClient, HubUnavailable, MailItem
from etoile.doubles.simulation import documents, people, telling
from etoile.doubles.simulation.process import Settings
from etoile.doubles.simulation.profile import Kind, Profile, Route, Step
from etoile.doubles.simulation.site import Simulation
from etoile.doubles.simulation.store import Store
from etoile.sdk.faults import TELLING

SLUG = "vie-locale"
CLIENT_SECRET = "vie_locale_client_secret"  # noqa: S105 the name of a secret, not a secret
PULL_EVERY_SECONDS = 1.0
AT_ONCE = 20

REGISTRATION = Kind(
    "participation",
    "EVT",
    steps=(
        Step("ENREGISTREE", "Enregistrée", "received", "Le service vie locale a enregistré votre inscription."),
        Step("EN_COURS", "En cours", "in_progress", "Le service vie locale prépare la réunion."),
        Step("CONFIRMEE", "Confirmée", "accepted", "Votre place est confirmée."),
    ),
    side_steps=(
        Step("COMPLET", "Complet", "refused", "La réunion est complète : votre place n’a pas pu être retenue."),
    ),
)
PROFILE = Profile(
    slug=SLUG,
    name="Vie locale",
    domain="Réunions publiques et évènements",
    how="Ne peut pas être appelée : relève sa boîte au hub chaque seconde, et publie l’avancement.",
    kinds={"participation": REGISTRATION},
    routes=(Route("GET", "(chez le hub) /v1/mailbox", "confirmed", "relève puis accusé, contrat du hub"),),
    # Nobody calls it: down, it does not come.
    faults=TELLING | {"down"},
)


def build(settings: Settings) -> Simulation:
    """The simulated application, ready to be served."""
    store = Store(settings.data)
    client = settings.client(SLUG, CLIENT_SECRET)
    puller = Puller(store, client)
    simulation = Simulation(PROFILE, store)

    def work() -> None:
        if not (simulation.faults.current and simulation.faults.current.fault == "down"):
            puller.pull_when_due()
        if settings.auto_seconds is not None:
            telling.advance_ripe(PROFILE, store, settings.auto_seconds)
        telling.publish_due(store, client)

    simulation.work = work
    return simulation


class Puller:
    """The other side of the mailbox: read, keep, acknowledge."""

    def __init__(self, store: Store, client: Callable[[], HubClient]) -> None:
        self.store = store
        self.client = client
        self.pool = urllib3.PoolManager()
        self._next = 0.0

    def pull_when_due(self) -> None:
        documents.fetch_due(self.store, self.pool)
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PULL_EVERY_SECONDS
            self.pull()

    def pull(self) -> int:
        """Take what waits; the number of deliveries acknowledged. A lost acknowledgement gives the same numbers."""
        items = self.client().mailbox(limit=AT_ONCE)
        if not items:
            return 0
        try:
            self.client().acknowledge([Ack(item.delivery, external_id=self.take(item)) for item in items])
        except HubUnavailable:
            return 0
        return len(items)

    def take(self, mail: MailItem) -> str | None:
        """The number given, for what has one."""
        event = mail.event
        if event.type == people.UPDATED:
            people.learn(self.store, event.data)
            return None
        item, _ = self.store.receive(
            REGISTRATION,
            key=event.id,
            uuid=event.id,
            reference=event.data.get("case", {}).get("reference", ""),
            payload=event.data,
            subject=event.subject,
            authority=event.authority,
            correlation=event.correlationid or event.id,
        )
        documents.announce(self.store, item.number, event.data.get("documents") or [])
        telling.tell_first(PROFILE, self.store, item)
        return item.number
