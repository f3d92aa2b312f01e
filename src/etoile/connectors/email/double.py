"""A simulated mail server (aiosmtpd, extra `demo`), with the fault switch of every double in the words of SMTP.

with Letterbox() as letterbox: ...     # letterbox.url, letterbox.faults.set("too_many"), letterbox.messages
"""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from etoile.connectors.email import marks
from etoile.connectors.email.imap_double import PASSWORD, USERNAME, Postbox
from etoile.sdk import MailDoor
from etoile.sdk.conformance import Rig
from etoile.sdk.doubles import Double, Place, Standing
from etoile.sdk.faults import About, Clock, Control, Switch
from etoile.sdk.mail import smtp
from etoile.sdk.testing import EventFactory, serve

# What is said at each step of a message: RFC 5321 §4.2.3 and RFC 3463.
AT_SENDER = {
    "unauthorized": "535 5.7.8 Authentication credentials invalid",
    "gone": "521 5.3.2 This host accepts no mail any more",
    "too_many": "451 4.7.1 Too many messages, try again later",
    "unavailable": "421 4.3.2 Service not available, closing transmission channel",
    "html": "HTTP/1.1 400 Bad Request",
}
AT_RECIPIENT = {"forbidden": "550 5.7.1 Relaying denied", "not_found": "550 5.1.1 No such user here"}
AT_CONTENT = {
    "refuse": "554 5.6.0 Message content refused",
    "error": "451 4.3.0 Local error in processing",
    "disk_full": "452 4.3.1 Insufficient system storage",
}
KINDS = frozenset({*AT_SENDER, *AT_RECIPIENT, *AT_CONTENT, "down", "time_out", "slow", "write_then_fail", "duplicate"})
WHAT = "Un serveur de messagerie qui garde tout et n’envoie rien, et la boîte des réponses."


class Letterbox:
    """Keeps what it takes in `messages` (bytes). `answer` replaces the usual "250 OK": "451 …", "550 …"."""

    def __init__(self, port: int = 0) -> None:
        self.messages: list[bytes] = []
        self.answer = "250 OK"
        self.recipient_answer = "250 OK"
        self.clock = Clock()
        self.faults = Switch(KINDS)
        self.about = About("Messagerie", WHAT, self.held)
        self._dates: list[str] = []
        with socket.socket() as probe:  # aiosmtpd connects to the port it was given: it must be a real one
            probe.bind(("127.0.0.1", port))
            self._port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.faults.strikes("down"):
            server.transport.abort()
        if fault := self.faults.strikes(*AT_SENDER):
            return AT_SENDER[fault.fault]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if fault := self.faults.strikes(*AT_RECIPIENT):
            return AT_RECIPIENT[fault.fault]
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if fault := self.faults.strikes(*AT_CONTENT):
            return AT_CONTENT[fault.fault]
        if fault := self.faults.strikes("time_out"):
            await self.faults.wait(fault.seconds)
            server.transport.abort()
            return ""
        if fault := self.faults.strikes("slow"):
            await self.faults.wait(fault.seconds)
        if self.answer.startswith("250"):
            self._keep(envelope.content)
            if self.faults.strikes("duplicate"):
                self._keep(envelope.content)
        if self.faults.strikes("write_then_fail"):
            server.transport.abort()
        return self.answer

    def _keep(self, content: bytes) -> None:
        self.messages.append(content)
        self._dates.append(self.clock.tick().isoformat())

    def held(self) -> list[dict[str, Any]]:
        """The envelope of each message, never its text."""
        shown = []
        for content, date in zip(list(self.messages), list(self._dates), strict=False):
            message = message_from_bytes(content, policy=policy.default)
            names = ("Message-ID", "From", "To", "Subject")
            pieces = [part.get_filename() for part in message.iter_attachments()]
            shown.append({"reçu": date, **{name: str(message[name]) for name in names}, "pièces": pieces})
        return shown

    def distinct(self) -> int:
        """How many different messages: a mail system shows those of one Message-ID as one."""
        return len({message_from_bytes(content)["Message-ID"] for content in list(self.messages)})

    def answer_with(self, text: str, number: str, postbox: Postbox) -> None:
        """The team answers the message that was delivered under this number."""
        name = number.strip("<>").partition("@")[0]
        for content in list(self.messages):
            sent = message_from_bytes(content, policy=policy.default)
            mark = str(sent["Message-ID"]).strip("<>").partition("@")[0]
            if len(name) == marks.NAME * 2 and marks.opened(mark).hex() == name:
                reply = EmailMessage()
                reply["From"], reply["To"] = "agente@ville.example.fr", str(sent["Reply-To"])
                reply["In-Reply-To"], reply["Message-ID"] = str(sent["Message-ID"]), f"<{name}.answer@ville.example.fr>"
                reply["Subject"] = "Re: Demande"
                reply.set_content(text)
                postbox.put("INBOX", reply.as_bytes())
                return
        raise KeyError(number)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.set(None)
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._port}"


@asynccontextmanager
async def rig() -> AsyncIterator[Rig]:
    """What the conformance suite needs: a server that sends, and the mailbox where the team's replies arrive."""
    with Letterbox() as letterbox, Postbox(faults=letterbox.faults) as postbox:
        written = {"sender": "hub@ville.example.fr", "to": "accueil@ville.example.fr"}
        yield Rig(
            configuration={**written, "attach_documents": True, "poll": postbox.settings},
            secrets={"mailbox_password": PASSWORD, "reply_key": "a key that signs the marks"},
            wrong_secrets={"mailbox_password": "another", "reply_key": "too short"},
            event=EventFactory().make(data={"documents": []}),
            mail=MailDoor(smtp(letterbox.url, timeout=30)),
            written=letterbox.distinct,
            faults=letterbox.faults,
            asks_to_wait=False,
            carries_documents=True,
            allowed=(f"127.0.0.1:{postbox.port}",),
            move=lambda number: letterbox.answer_with("TRAITÉ", number, postbox),
        )


@asynccontextmanager
async def standing(place: Place) -> AsyncIterator[Standing]:
    """A mail server and a mailbox for whoever tries things by hand: HUB_SMTP_URL says where it is to the hub. A change
    of state is the answer of the team: its label is the text."""
    imap = place.port and place.port + 1
    with (
        Letterbox(place.port) as letterbox,
        Postbox(port=imap, faults=letterbox.faults, clock=letterbox.clock) as postbox,
    ):
        about = replace(letterbox.about, move=lambda number, code, label: letterbox.answer_with(label, number, postbox))
        control = Control(letterbox.faults, about=about, clock=letterbox.clock)
        authority = place.folder / "authority.pem"
        authority.write_text(postbox.settings["authority"])
        with serve(control, host=place.host, port=place.control_port) as address:
            says = {"page": f"{address}/", "HUB_SMTP_URL": letterbox.url, "IMAP": f"127.0.0.1:{postbox.port}, TLS"}
            says |= {"mailbox": f"{USERNAME} / {PASSWORD}", "authority": str(authority)}
            yield Standing(letterbox.faults, says)


DOUBLE = Double(
    name="email",
    french=WHAT,
    english="A mail server that keeps everything and sends nothing, and the mailbox of the replies (IMAP).",
    speaks="SMTP, IMAP",
    kinds=KINDS,
    port=8223,
    others=(8224,),
    control_port=8233,
    open=standing,
)
