"""A mailbox by IMAP (RFC 3501), with the standard library: it blocks, and is called in a thread.

The connection is one that the hub's door opened: imaplib is given the socket, and never makes one.
"""

import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from etoile.connectors.email.configuration import Replies

T = TypeVar("T")

# Enough for any text; what a message joins is counted, not kept.
FIRST_BYTES = 512 * 1024
LONGEST_ANSWER = 4 * FIRST_BYTES
RECEIVED = re.compile(rb'INTERNALDATE "([^"]+)"')


class MailboxError(Exception):
    """`kind`: "unavailable", "refused" (access), "setting" (a folder) or "tls". `message` is French."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.door_kind = {"unavailable": "connection", "tls": "tls"}.get(kind, "status")


@dataclass(frozen=True, slots=True)
class Fetched:
    uid: int
    received: datetime
    content: bytes


class _Session(imaplib.IMAP4):
    def __init__(self, connection: socket.socket, host: str) -> None:
        self._connection = connection
        super().__init__(host)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._connection

    def read(self, size: int) -> bytes:
        if size > LONGEST_ANSWER:
            raise self.abort("answer too long")
        return super().read(size)


@dataclass(frozen=True, slots=True)
class Credential:
    """What opens the mailbox: a password, or an OAuth 2 token (XOAUTH2)."""

    password: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return "<Credential>"


class Mailbox:
    """One session, on one folder. `validity`: while it is the same, an UID names the same message."""

    def __init__(self, connection: socket.socket, settings: Replies, credential: Credential, timeout: float) -> None:
        self._settings = settings
        self.validity = 0
        connection.settimeout(timeout)
        self._session = _told(lambda: self._opened(connection, credential))

    def _opened(self, connection: socket.socket, credential: Credential) -> _Session:
        settings = self._settings
        context = ssl.create_default_context(cadata=settings.authority)
        if settings.security == "tls":
            connection = context.wrap_socket(connection, server_hostname=settings.host)
        session = _Session(connection, settings.host)
        try:
            if settings.security == "starttls":
                if "STARTTLS" not in session.capabilities:
                    raise MailboxError("tls", "Le serveur de la boîte n’offre pas de liaison chiffrée.")
                session.starttls(context)
            self._enter(session, credential)
        except BaseException:
            session.shutdown()
            raise
        return session

    def _enter(self, session: _Session, credential: Credential) -> None:
        username = self._settings.username
        try:
            if credential.token:
                # A refusal comes as a challenge, which must be answered by nothing.
                said = iter([f"user={username}\1auth=Bearer {credential.token}\1\1".encode()])
                session.authenticate("XOAUTH2", lambda challenge: next(said, b""))
            else:
                session.login(username, credential.password)
        except session.abort:
            raise
        except session.error as error:
            if "UNAVAILABLE" in str(error):
                raise
            what = "son jeton d’accès" if credential.token else "son mot de passe"
            words = f"La boîte aux lettres refuse notre identifiant ou {what}."
            raise MailboxError("refused", words) from None

    def select(self) -> None:
        done, _ = self._asked(lambda: self._session.select(_quoted(self._settings.folder)))
        if done != "OK":
            raise MailboxError("setting", f"La boîte n’a pas de dossier « {self._settings.folder} ».")
        _, told = self._session.response("UIDVALIDITY")
        self.validity = int(told[0]) if told and told[0] else 0

    def after(self, uid: int) -> list[int]:
        """The UIDs above this one, in order."""
        _, found = self._ok(self._asked(lambda: self._session.uid("SEARCH", f"UID {uid + 1}:*")))
        # The last message is always told, even below what was asked.
        return sorted(each for each in map(int, (found[0] or b"").split()) if each > uid)

    def fetch(self, uid: int) -> Fetched | None:
        """The beginning of a message, left unread; None when somebody took it away meanwhile."""
        asked = f"(INTERNALDATE BODY.PEEK[]<0.{FIRST_BYTES}>)"
        _, told = self._ok(self._asked(lambda: self._session.uid("FETCH", str(uid), asked)))
        whole = next((each for each in told if isinstance(each, tuple)), None)
        if whole is None:
            return None
        said = whole[0] + b"".join(each for each in told if isinstance(each, bytes))
        found = RECEIVED.search(said)
        if found is None:
            raise MailboxError("unavailable", "La boîte aux lettres a donné une réponse inattendue.")
        return Fetched(uid, parsedate_to_datetime(found.group(1).decode()), whole[1])

    def put_away(self, uids: Sequence[int]) -> None:
        """Moves to the archive, or marks as read; what is away already is left alone."""
        if not uids:
            return
        named, archive = ",".join(map(str, uids)), self._settings.archive
        if archive is None:
            self._ok(self._asked(lambda: self._session.uid("STORE", named, "+FLAGS.SILENT", r"(\Seen)")))
        elif "MOVE" in self._session.capabilities:
            self._into(archive, "MOVE", named)
        else:
            self._into(archive, "COPY", named)
            self._ok(self._asked(lambda: self._session.uid("STORE", named, "+FLAGS.SILENT", r"(\Deleted \Seen)")))
            if "UIDPLUS" in self._session.capabilities:
                self._ok(self._asked(lambda: self._session.uid("EXPUNGE", named)))

    def has(self, folder: str) -> bool:
        return bool(self._asked(lambda: self._session.status(_quoted(folder), "(UIDNEXT)"))[0] == "OK")

    def close(self) -> None:
        try:
            self._session.logout()
        except (OSError, imaplib.IMAP4.error):
            self._session.shutdown()

    def _into(self, archive: str, command: str, named: str) -> None:
        done, _ = self._asked(lambda: self._session.uid(command, named, _quoted(archive)))
        if done != "OK":
            self._asked(lambda: self._session.create(_quoted(archive)))
            done, _ = self._asked(lambda: self._session.uid(command, named, _quoted(archive)))
        if done != "OK":
            raise MailboxError("setting", f"Le dossier « {archive} » de la boîte ne peut pas recevoir ce qui est lu.")

    def _asked(self, ask: Callable[[], T]) -> T:
        return _told(ask)

    def _ok(self, answer: tuple[str, list[Any]]) -> tuple[str, list[Any]]:
        if answer[0] != "OK":
            raise MailboxError("unavailable", "La boîte aux lettres a donné une réponse inattendue.")
        return answer


def _told(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except ssl.SSLCertVerificationError:
        raise MailboxError("tls", "Le certificat du serveur de la boîte n’est pas valable.") from None
    except (OSError, imaplib.IMAP4.error):
        raise MailboxError("unavailable", "Le serveur de la boîte aux lettres ne répond pas.") from None


def _quoted(folder: str) -> str:
    return f'"{folder}"'
