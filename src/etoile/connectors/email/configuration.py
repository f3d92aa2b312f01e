"""The settings of the connector: what is written to the team, and where its replies are read."""

import ssl
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from etoile.sdk.access import OAuth2
from etoile.sdk.outcome import Status

ADDRESS = r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$"
DEFAULT_SUBJECT = "='Demande ' + event.data.case.reference"
DEFAULT_LINES = (
    "Bonjour,",
    "",
    "='La demande ' + event.data.case.reference + ' vient d’arriver.'",
    "",
    "Pour la consulter, connectez-vous à votre espace de traitement des demandes.",
)
DEFAULT_COMMANDS: dict[str, Status] = {
    "EN COURS": "in_progress",
    "COMPLÉMENT": "more_information_needed",
    "TRAITÉ": "closed",
    "ACCEPTÉ": "accepted",
    "REFUSÉ": "refused",
}


def _authority(pem: str | None) -> str | None:
    try:
        ssl.create_default_context(cadata=pem)
    except (ssl.SSLError, ValueError):
        raise ValueError("un certificat d’autorité s’écrit en PEM (-----BEGIN CERTIFICATE-----)") from None
    return pem


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Replies(Part):
    """A mailbox read by IMAP. Replies are recognised by a signed mark, and by nothing else."""

    host: str = Field(title="Serveur IMAP", min_length=1, pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int = Field(default=993, ge=1, le=65535, title="Port du serveur IMAP")
    security: Literal["tls", "starttls"] = Field(default="tls", title="Chiffrement : tls (993) ou starttls (143)")
    authority: Annotated[str | None, AfterValidator(_authority)] = Field(
        default=None, title="Certificat de l’autorité du serveur, si elle n’est pas publique (PEM)"
    )
    username: str = Field(title="Identifiant de la boîte", min_length=1)
    secret: str = Field(default="mailbox_password", title="Nom du secret qui porte le mot de passe de la boîte")
    oauth2: OAuth2 | None = Field(
        default=None, title="Accès par jeton OAuth 2, à la place du mot de passe (Microsoft 365, Google)"
    )
    keys: tuple[str, ...] = Field(
        default=("reply_key",), min_length=1, title="Noms des secrets qui signent les marques (le premier signe)"
    )
    address: str = Field(title="Adresse de la boîte, où arrivent les réponses", pattern=ADDRESS)
    plus_address: bool = Field(default=True, title="La messagerie accepte boite+marque@domaine")
    folder: str = Field(default="INBOX", title="Dossier relevé", pattern=r"^[ -%'-\[\]-~]+$")
    archive: str | None = Field(
        default=None, title="Dossier où ranger ce qui est lu (sinon, marqué lu)", pattern=r"^[ -!#-%'-\[\]-~]+$"
    )
    commands: dict[str, Status] = Field(
        default_factory=lambda: dict(DEFAULT_COMMANDS), title="Table : première ligne de la réponse vers statut"
    )
    forward_text: bool = Field(default=True, title="Transmettre à la personne le texte de la réponse")
    every: int = Field(default=120, ge=5, title="Secondes entre deux relèves")


class Configuration(Part):
    """What the town sets once per subscription."""

    sender: str = Field(title="Adresse d’expédition", pattern=ADDRESS)
    to: str = Field(title="Adresse du service", pattern=ADDRESS)
    subject: str = Field(default=DEFAULT_SUBJECT, title="Objet ; commence par « = » pour une expression")
    lines: tuple[str, ...] = Field(
        default=DEFAULT_LINES, min_length=1, title="Lignes du message ; « = » en tête pour une expression"
    )
    attach_documents: bool = Field(default=False, title="Joindre les pièces de la demande")
    poll: Replies | None = Field(default=None, title="Lecture des réponses du service")
