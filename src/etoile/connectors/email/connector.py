"""Delivery by e-mail to a service's address: for a service that has no software, or wants a copy."""

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from etoile.connectors.email import asking, joining, marks, reading
from etoile.connectors.email.configuration import Configuration, Replies
from etoile.connectors.email.imap import Credential, Mailbox, MailboxError
from etoile.contract.envelope import Event
from etoile.sdk import (
    Check,
    Connector,
    Context,
    DocumentError,
    DoorError,
    MailError,
    Manifest,
    Mapping,
    MappingError,
    Outcome,
    Polled,
    access,
)

T = TypeVar("T")

# Seconds for one operation of the mailbox.
OPERATION = 20.0

TOO_MUCH_DATA = "Ce que produit la correspondance est trop lourd pour un courriel ; retirez-en le contenu des pièces."
TOO_HEAVY = "\nLes pièces sont trop lourdes pour un courriel : consultez-les dans la demande.\n"


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
        number = message_identifier(context.idempotency_key, configuration.sender)
        headers = {"Message-ID": number, "Auto-Submitted": "auto-generated", "X-Etoile-Event": event.id}
        subject, text = _one_line(words["subject"]), "\n".join(map(_one_line, words["lines"])) + "\n"
        try:
            if configuration.poll is not None:
                mark = marks.make(_keys(configuration.poll, context)[0], marks.name_of(context.idempotency_key))
                headers |= asking.headers(configuration.poll, mark, configuration.sender)
                subject, text = f"{subject} [{mark}]", asking.text(configuration.poll, text)
            files = await joining.documents(event, context)
            if files is None:
                files, text = [], text + TOO_HEAVY
            joined = [*await joining.data(event, context), *files]
            letter = (configuration.sender, configuration.to, subject, text, headers, joined)
            await context.mail.send(*letter, timeout=context.remaining)
        except MailError as error:
            return _not_sent(error)
        except NoSecret as error:
            return Outcome.fix_configuration(str(error))
        except MappingError as error:
            return Outcome.fix_configuration(f"La correspondance est à revoir : {error}")
        except joining.TooHeavyError:
            return Outcome.fix_configuration(TOO_MUCH_DATA)
        except DocumentError as error:
            return Outcome.retry(error.message) if error.retry else Outcome.fix_data(error.message)
        return Outcome.acknowledged(number, "Courriel remis au serveur de messagerie.")

    async def poll(self, cursor: str | None, context: Context) -> Polled:
        """The replies and the bounces that came since. Raises DoorError, in French."""
        settings = context.configuration.poll
        if settings is None:
            return Polled(cursor)
        try:
            keys, domain = _keys(settings, context), context.configuration.sender.rpartition("@")[2]
            until = time.monotonic() + context.remaining / 2
            return await _in_mailbox(
                settings, context, lambda mailbox: reading.step(mailbox, settings, keys, domain, cursor, until)
            )
        except (MailboxError, NoSecret) as error:
            raise DoorError(getattr(error, "door_kind", "status"), str(error), maybe_sent=True) from None

    async def check(self, context: Context) -> list[Check]:
        """The model of the message can be read, the mailbox opened. Nothing is sent, nothing is marked as read."""
        configuration: Configuration = context.configuration
        tree = {"subject": configuration.subject, "lines": list(configuration.lines)}
        faults = [violation.detail for violation in Mapping.examine(tree).violations]
        checks = [Check("settings", not faults, " ; ".join(faults) or "Le modèle du message est lisible.")]
        settings = configuration.poll
        return checks if settings is None else [*checks, await _checked(settings, context)]


class NoSecret(Exception):
    """A secret of the subscription is missing, or too short to sign with. The text is French."""


def _keys(settings: Replies, context: Context) -> tuple[str, ...]:
    """The keys of the marks, the one that signs first. Raises NoSecret."""
    for name in settings.keys:
        if len(context.secrets.get(name, "")) < marks.SHORTEST_KEY:
            least = marks.SHORTEST_KEY
            raise NoSecret(f"Le secret « {name} » de cet abonnement manque, ou a moins de {least} caractères.")
    return tuple(context.secrets[name] for name in settings.keys)


async def _in_mailbox(settings: Replies, context: Context, work: Callable[[Mailbox], T]) -> T:
    """Opens the mailbox, works in a thread, closes it. Raises DoorError, MailboxError or NoSecret."""
    proof = await access.prove(context, settings.oauth2) if settings.oauth2 else None
    secret = "" if proof else access.secret(context, settings.secret)
    credential = Credential(secret, proof.token if proof else "")
    timeout = max(0.1, min(OPERATION, context.remaining))
    with context.http.exchange("GET", f"imaps://{settings.host}:{settings.port}/{settings.folder}"):
        connection = await context.http.connect(settings.host, settings.port, timeout=timeout)
        # Whoever stops waiting cuts the connection, and the thread with it; TLS takes the first descriptor for itself.
        cut = connection.dup()

        def run() -> T:
            mailbox = Mailbox(connection, settings, credential, timeout)
            try:
                return work(mailbox)
            finally:
                mailbox.close()

        try:
            return await asyncio.to_thread(run)
        except MailboxError as error:
            if proof is not None and error.kind == "refused":
                access.forget(context, settings.oauth2, proof)
            raise
        finally:
            with suppress(OSError):
                cut.shutdown(socket.SHUT_RDWR)
            cut.close()


async def _checked(settings: Replies, context: Context) -> Check:
    def look(mailbox: Mailbox) -> None:
        mailbox.select()

    try:
        _keys(settings, context)
        await _in_mailbox(settings, context, look)
    except (DoorError, MailboxError, NoSecret) as error:
        return Check("mailbox", False, str(error))
    return Check("mailbox", True, "La boîte où arrivent les réponses s’ouvre.")


def _not_sent(error: MailError) -> Outcome:
    if error.kind == "unavailable":
        return Outcome.retry(error.message, detail="smtp")
    if error.kind == "content":
        return Outcome.fix_data(error.message, detail="smtp content")
    # Addresses and access are settings: nothing that the person wrote goes in an address or a header.
    return Outcome.fix_configuration(error.message, detail=f"smtp {error.kind}")


def message_identifier(idempotency_key: str, sender: str) -> str:
    """The Message-ID of a delivery (RFC 5322 §3.6.4): the same at each try, without the key itself in it."""
    return reading.number_of(marks.name_of(idempotency_key), sender.rpartition("@")[2])


def _one_line(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
