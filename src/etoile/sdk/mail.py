"""The one outgoing door for mail, for connectors that write to a team."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from typing import Literal
from urllib.parse import unquote, urlsplit

Send = Callable[[EmailMessage], None]
# RFC 5321 §4.2.3: too large, and a transaction that failed once the content was read.
CONTENT_REFUSED = (552, 554)
# RFC 4954 §6: no credentials, or no longer the right ones.
ACCESS_REFUSED = frozenset({530, 534, 535})


class MailError(Exception):
    """The message did not leave. `kind`: "unavailable" (try later), "refused" (the server will never take mail of ours,
    or for them), "content" (it refuses this message) or "invalid" (an address or a header is wrong). `message` is
    French."""

    def __init__(self, kind: Literal["unavailable", "refused", "content", "invalid"], message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file joined to a message."""

    name: str
    media_type: str
    content: bytes


class MailDoor:
    """Sends by `send`, which blocks and is called in a thread: see `smtp`, or a list's `append` in tests."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(
        self,
        sender: str,
        recipients: str | Sequence[str],
        subject: str,
        text: str,
        headers: Mapping[str, str] | None = None,
        attachments: Sequence[Attachment] = (),
        html: str | None = None,
        *,
        timeout: float | None = None,
    ) -> None:
        """Sends one message: a plain text and, when `html` is given, the same in HTML.

        A `Message-ID` in `headers` lets the receiver recognise a repeat. `timeout`: seconds; after them the message
        may still leave, nobody knows, and MailError "unavailable" is raised.
        """
        message = _message(sender, recipients, subject, text, headers or {}, attachments, html)
        try:
            await asyncio.wait_for(asyncio.to_thread(self._send, message), timeout)
        except TimeoutError:
            raise MailError("unavailable", "Le serveur de messagerie n’a pas répondu à temps.") from None


def smtp(url: str, *, timeout: float = 20) -> Send:
    """A sender for `smtp://host:port` (STARTTLS when offered) or `smtps://user:password@host:port`."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("an SMTP address is smtp://host:port or smtps://user:password@host:port")
    secure = parts.scheme == "smtps"
    host, port = parts.hostname, parts.port or (465 if secure else 25)
    credentials = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None

    def send(message: EmailMessage) -> None:
        try:
            with _connected(host, port, secure, timeout, credentials) as server:
                server.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _refusal(error) from None
        except smtplib.SMTPAuthenticationError:
            raise MailError("refused", "Le serveur de messagerie refuse notre accès.") from None
        except (OSError, smtplib.SMTPException):
            raise MailError("unavailable", "Le serveur de messagerie ne répond pas.") from None

    return send


def _connected(host: str, port: int, secure: bool, timeout: float, credentials: tuple[str, str] | None) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if secure:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=timeout)
    try:
        server.ehlo()
        if not secure and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if credentials:
            if not secure and not isinstance(server.sock, ssl.SSLSocket):
                raise MailError("refused", "Le serveur de messagerie n'offre pas de liaison chiffrée.")
            server.login(*credentials)
    except BaseException:
        server.close()
        raise
    return server


def _message(
    sender: str,
    recipients: str | Sequence[str],
    subject: str,
    text: str,
    headers: Mapping[str, str],
    attachments: Sequence[Attachment],
    html: str | None,
) -> EmailMessage:
    message = EmailMessage()
    listed = [recipients] if isinstance(recipients, str) else list(recipients)
    try:
        for name, value in [("From", sender), ("To", ", ".join(listed)), ("Subject", subject), *headers.items()]:
            # Folded by hand elsewhere, a line feed would start a header of the sender's choice.
            if "\n" in value or "\r" in value or name in message:
                raise ValueError(name)
            message[name] = value
        addresses = [*message["From"].addresses, *message["To"].addresses]
        if len(addresses) < 2 or not all(address.username and address.domain for address in addresses):
            raise ValueError("To")
        message.set_content(text)
        if html is not None:
            message.add_alternative(html, subtype="html")
        for each in attachments:
            main, _, sub = each.media_type.partition("/")
            message.add_attachment(each.content, maintype=main, subtype=sub or "octet-stream", filename=each.name)
        # Setting the content takes away every header that begins so, and they were checked above.
        for name, value in headers.items():
            if name not in message:
                message[name] = value
    except (ValueError, MessageError, IndexError, AttributeError):
        raise MailError("invalid", "Une adresse ou un en-tête du message est mal écrit.") from None
    return message


def _refusal(error: smtplib.SMTPException) -> MailError:
    codes = (
        [code for code, _ in error.recipients.values()]
        if isinstance(error, smtplib.SMTPRecipientsRefused)
        else [getattr(error, "smtp_code", 550)]
    )
    if any(code < 400 for code in codes):
        # No refusal of SMTP at all: something else answers in the place of the server.
        return MailError("unavailable", "Le serveur de messagerie a donné une réponse inattendue.")
    if all(code < 500 for code in codes):
        return MailError("unavailable", "Le serveur de messagerie demande d'attendre.")
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code in CONTENT_REFUSED:
        return MailError("content", "Le serveur de messagerie refuse le contenu de ce message ou sa taille.")
    if ACCESS_REFUSED.intersection(codes):
        return MailError("refused", "Le serveur de messagerie refuse notre accès.")
    return MailError("refused", "Le serveur de messagerie refuse ce message ou son destinataire.")
