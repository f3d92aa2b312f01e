"""Delivery by e-mail to a service's address: for a service that has no software, or wants a copy."""

import hashlib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from etoile.contract.envelope import Event
from etoile.sdk import (
    Attachment,
    Check,
    Connector,
    Context,
    DocumentError,
    MailError,
    Manifest,
    Mapping,
    MappingError,
    Outcome,
    documents_of,
)

ADDRESS = r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$"
# Most mail servers refuse a message above 10 to 20 MB once encoded.
MAX_ATTACHED = 7 * 2**20
TOO_HEAVY = "\nLes pièces sont trop lourdes pour un courriel : consultez-les dans la demande.\n"
DEFAULT_SUBJECT = "='Demande ' + event.data.case.reference"
DEFAULT_LINES = (
    "Bonjour,",
    "",
    "='La demande ' + event.data.case.reference + ' vient d’arriver.'",
    "",
    "Pour la consulter, connectez-vous à votre espace de traitement des demandes.",
)


class Configuration(BaseModel):
    """What the town sets once per subscription."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sender: str = Field(title="Adresse d’expédition", pattern=ADDRESS)
    to: str = Field(title="Adresse du service", pattern=ADDRESS)
    subject: str = Field(default=DEFAULT_SUBJECT, title="Objet ; commence par « = » pour une expression")
    lines: tuple[str, ...] = Field(
        default=DEFAULT_LINES, min_length=1, title="Lignes du message ; « = » en tête pour une expression"
    )
    attach_documents: bool = Field(default=False, title="Joindre les pièces de la demande")


class Email(Connector):
    manifest = Manifest.load(Path(__file__).with_name("manifest.yaml"))
    Configuration = Configuration

    async def deliver(self, event: Event, context: Context) -> Outcome:
        """Acknowledged when the mail server has taken the message; its Message-ID is the external number.

        A repeat carries the same Message-ID, by which mail systems recognise it.
        """
        configuration: Configuration = context.configuration
        try:
            words = context.render({"subject": configuration.subject, "lines": list(configuration.lines)})
        except MappingError as error:
            return Outcome.fix_configuration(f"Le modèle du message est à revoir : {error}")
        message_id = message_identifier(context.idempotency_key, configuration.sender)
        headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", "X-Etoile-Event": event.id}
        subject, text = _one_line(words["subject"]), "\n".join(map(_one_line, words["lines"])) + "\n"
        try:
            files = await _files(event, context)
            if files is None:
                files, text = [], text + TOO_HEAVY
            await context.mail.send(configuration.sender, configuration.to, subject, text, headers, files)
        except MailError as error:
            return _not_sent(error)
        except DocumentError as error:
            return Outcome.retry(error.message) if error.retry else Outcome.fix_data(error.message)
        return Outcome.acknowledged(message_id, "Courriel remis au serveur de messagerie.")

    async def check(self, context: Context) -> list[Check]:
        """The model of the message can be read. Nothing is sent."""
        configuration: Configuration = context.configuration
        tree = {"subject": configuration.subject, "lines": list(configuration.lines)}
        faults = [violation.detail for violation in Mapping.examine(tree).violations]
        return [Check("settings", not faults, " ; ".join(faults) or "Le modèle du message est lisible.")]


async def _files(event: Event, context: Context) -> list[Attachment] | None:
    """The documents to join, none unless the setting says so; None when they are too heavy together for an e-mail."""
    configuration: Configuration = context.configuration
    documents = documents_of(event) if configuration.attach_documents else []
    if sum(document.size for document in documents) > MAX_ATTACHED:
        return None
    files = []
    for document in documents:
        content = b"".join([block async for block in context.open_document(document)])
        files.append(Attachment(document.name, document.media_type, content))
    return files


def _not_sent(error: MailError) -> Outcome:
    if error.kind == "unavailable":
        return Outcome.retry(error.message, detail="smtp")
    if error.kind == "content":
        return Outcome.fix_data(error.message, detail="smtp content")
    # Addresses and access are settings: nothing that the person wrote goes in an address or a header.
    return Outcome.fix_configuration(error.message, detail=f"smtp {error.kind}")


def message_identifier(idempotency_key: str, sender: str) -> str:
    """The Message-ID of a delivery (RFC 5322 §3.6.4): the same at each try, without the key itself in it."""
    digest = hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def _one_line(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
