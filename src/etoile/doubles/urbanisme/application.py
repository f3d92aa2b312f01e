"""Town planning: an SFTP server and a batch. Nobody can call it; it reads the dropped files and gives others back."""

import secrets

from etoile.connectors.file_drop.double import KINDS, SftpDouble
from etoile.doubles.simulation import telling
from etoile.doubles.simulation.process import MissingSecretError, Settings
from etoile.doubles.simulation.profile import Kind, Profile, Route, Step
from etoile.doubles.simulation.site import Simulation
from etoile.doubles.simulation.store import Store
from etoile.doubles.urbanisme.batch import Batch
from etoile.doubles.urbanisme.keys import host_key

SLUG = "urbanisme"
PASSWORD = "urbanisme_sftp_password"  # noqa: S105 the name of a secret, not a secret
SFTP_PORT = 8222

FILE = Kind(
    "certificat",
    "CU",
    steps=(
        Step("ENR", "Enregistré", "received", "Le service urbanisme a enregistré votre demande."),
        Step("INS", "En instruction", "in_progress", "Le service urbanisme étudie votre terrain."),
        Step("DEL", "Certificat délivré", "accepted", "Votre certificat d’urbanisme est délivré. Il vous est adressé."),
    ),
    side_steps=(
        Step("INC", "Dossier incomplet", "more_information_needed", "Il manque une pièce à votre dossier."),
        Step("REJ", "Demande rejetée", "refused", "Le service urbanisme n’a pas pu délivrer le certificat."),
    ),
)
PROFILE = Profile(
    slug=SLUG,
    name="Urbanisme",
    domain="Autorisations et certificats d’urbanisme",
    how="Ne connaît que des fichiers : le hub les dépose par SFTP ; un traitement les lit et rend des états.",
    kinds={"certificat": FILE},
    routes=(
        Route("SFTP", "depot/*.xml, *.xml.ok", "assumed", "une demande par fichier, pièces à côté, témoin en dernier"),
        Route("SFTP", "retour/*.xml.ack", "assumed", "accusé : le nom du fichier lu"),
        Route("SFTP", "retour/etats-*.csv", "assumed", "états, windows-1252, point-virgule"),
    ),
    tells="row",
    # Its files are in windows-1252, where every sequence of bytes means something: nobody could tell.
    faults=KINDS - {"wrong_charset"},
)


def build(settings: Settings) -> Simulation:
    """The simulated application, ready to be served; `beside` is its SFTP server."""
    store = Store(settings.data)
    place = settings.data.with_suffix("")
    batch = Batch(PROFILE, store, place)
    simulation = Simulation(PROFILE, store)

    def work() -> None:
        if settings.auto_seconds is not None:
            telling.advance_ripe(PROFILE, store, settings.auto_seconds)
        if not (simulation.faults.current and simulation.faults.current.fault == "down"):
            batch.run()

    def password() -> str:
        try:
            return settings.secret(PASSWORD)
        except MissingSecretError:
            return secrets.token_hex()  # nobody's, until the town has made its secrets

    def beside() -> SftpDouble:
        port = SFTP_PORT if settings.sftp_port is None else settings.sftp_port
        key = host_key(settings.data.with_suffix(".key"))
        return SftpDouble(place, port=port, key=key, password=password, faults=simulation.faults)

    simulation.work, simulation.beside = work, beside
    return simulation
