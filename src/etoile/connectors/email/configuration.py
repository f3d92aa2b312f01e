"""The settings of the connector: what is written to the team, and where its replies are read."""

import ssl
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from etoile.sdk.access import OAuth2
from etoile.sdk.outcome import Status
from etoile.sdk.settings import Part

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


class Replies(Part):
    """A mailbox read by IMAP. Replies are recognised by a signed mark, and by nothing else."""

    host: str = Field(
        title="Serveur IMAP",
        description="Le nom du serveur où la boîte se lit, comme imap.ville.example.",
        min_length=1,
        pattern=r"^[A-Za-z0-9.:_-]+$",
    )
    port: int = Field(
        default=993,
        ge=1,
        le=65535,
        title="Port du serveur IMAP",
        description="993, sauf si qui tient la messagerie en dit un autre.",
    )
    security: Literal["tls", "starttls"] = Field(
        default="tls",
        title="Chiffrement : tls (993) ou starttls (143)",
        description="La connexion est toujours chiffrée ; qui tient la messagerie dit de quelle manière.",
    )
    authority: Annotated[str | None, AfterValidator(_authority)] = Field(
        default=None,
        title="Certificat de l’autorité du serveur, si elle n’est pas publique (PEM)",
        description="Pour une messagerie interne ; le texte entier, avec ses lignes BEGIN et END.",
    )
    username: str = Field(title="Identifiant de la boîte", description="Souvent son adresse entière.", min_length=1)
    secret: str = Field(
        default="mailbox_password",
        title="Nom du secret qui porte le mot de passe de la boîte",
        description="Le mot de passe lui-même est parmi les secrets de l’abonnement.",
    )
    oauth2: OAuth2 | None = Field(
        default=None,
        title="Accès par jeton OAuth 2, à la place du mot de passe (Microsoft 365, Google)",
        description="Pour une messagerie qui ne prend plus de mot de passe ; la page du connecteur dit comment.",
    )
    keys: tuple[str, ...] = Field(
        default=("reply_key",),
        min_length=1,
        title="Noms des secrets qui signent les marques (le premier signe)",
        description="Une réponse n’est crue que par sa marque. Gardez l’ancien pour les derniers messages.",
    )
    address: str = Field(
        title="Adresse de la boîte, où arrivent les réponses",
        description="Le hub y lit tout : une boîte réservée à cet usage.",
        pattern=ADDRESS,
    )
    plus_address: bool = Field(
        default=True,
        title="La messagerie accepte boite+marque@domaine",
        description="À décocher si un message à une telle adresse revient ; la marque est alors dans le message.",
    )
    folder: str = Field(
        default="INBOX",
        title="Dossier relevé",
        description="INBOX, sauf si une règle de la boîte range les réponses ailleurs.",
        pattern=r"^[ -%'-\[\]-~]+$",
    )
    archive: str | None = Field(
        default=None,
        title="Dossier où ranger ce qui est lu (sinon, marqué lu)",
        description="Il doit exister. Vide : le message reste à sa place.",
        pattern=r"^[ -!#-%'-\[\]-~]+$",
    )
    commands: dict[str, Status] = Field(
        default_factory=lambda: dict(DEFAULT_COMMANDS),
        title="Table : première ligne de la réponse vers statut",
        description="Les mots que l’équipe écrit en tête de sa réponse, et ce qu’ils font de la demande.",
    )
    forward_text: bool = Field(
        default=True,
        title="Transmettre à la personne le texte de la réponse",
        description="Décoché : elle apprend seulement où en est sa demande.",
    )
    every: int = Field(
        default=120, ge=5, title="Secondes entre deux relèves", description="120 : toutes les deux minutes."
    )


class Configuration(Part):
    """What the town sets once per subscription."""

    sender: str = Field(
        title="Adresse d’expédition",
        description="Une adresse de la ville, que sa messagerie laisse le hub employer.",
        pattern=ADDRESS,
    )
    to: str = Field(
        title="Adresse du service",
        description="Celle de l’équipe qui traite les demandes ; de préférence une boîte partagée.",
        pattern=ADDRESS,
    )
    subject: str = Field(
        default=DEFAULT_SUBJECT,
        title="Objet ; commence par « = » pour une expression",
        description="N’y mettez aucune donnée personnelle : l’objet se lit sans ouvrir le message.",
    )
    lines: tuple[str, ...] = Field(
        default=DEFAULT_LINES,
        min_length=1,
        title="Lignes du message ; « = » en tête pour une expression",
        description="Mettez-y le moins possible de données personnelles : un courriel voyage et se transfère.",
    )
    attach_documents: bool = Field(
        default=False,
        title="Joindre les pièces de la demande",
        description="À cocher seulement si la boîte est protégée : les pièces sortent alors du hub par courriel.",
    )
    poll: Replies | None = Field(
        default=None,
        title="Lecture des réponses du service",
        description="Vide : les réponses ne sont pas lues, et la demande est dite transmise.",
    )
