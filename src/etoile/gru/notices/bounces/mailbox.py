"""The mailbox to which e-mails come back, read by IMAP: each message once, then marked as seen. Nothing is deleted."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import structlog

from etoile.gru.notices.bounces import dsn, services

log = structlog.get_logger(__name__)

TIMEOUT = 20
# Messages of one run; the rest is at the next.
BATCH = 200
# A report joins at most the message it is about, and ours are a few tens of KiB.
LARGEST = 1024 * 1024


class MailboxUnavailable(Exception):
    """The mailbox does not answer, or refuses us; the reason holds no password and no address."""


def read_returns(url: str) -> int:
    """Record what came back; how many requests are concerned. Raises `MailboxUnavailable`.

    A message is marked as seen once what it says is committed: killed in between, it is read again, harmlessly.
    """
    found = 0
    try:
        with _opened(url) as box:
            for number in _unseen(box)[:BATCH]:
                for returned in dsn.read(_content(box, number)):
                    found += services.record(returned)
                box.uid("STORE", number, "+FLAGS", r"(\Seen)")
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxUnavailable(type(error).__name__) from error
    return found


@contextmanager
def _opened(url: str) -> Iterator[imaplib.IMAP4]:
    """`imaps://user:password@host:993/INBOX`, `imap+starttls://…`, or `imap://…` on one's own machine."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "imaps":
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=secure, timeout=TIMEOUT)
    else:
        box = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT)
    try:
        if parts.scheme == "imap+starttls":
            box.starttls(ssl_context=secure)
        box.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.lstrip("/")) or "INBOX"
        if box.select(f'"{folder}"')[0] != "OK":
            raise MailboxUnavailable("SELECT")
        yield box
    finally:
        _leave(box)


def _leave(box: imaplib.IMAP4) -> None:
    try:
        box.logout()
    except (imaplib.IMAP4.error, OSError):
        # The connection is already gone: nothing is left to say goodbye to.
        log.debug("mailbox_left")


def _unseen(box: imaplib.IMAP4) -> list[str]:
    _answer, found = box.uid("SEARCH", "UNSEEN")
    return [number.decode() for number in (found[0] or b"").split()]


def _content(box: imaplib.IMAP4, number: str) -> bytes:
    """The message, without marking it; its beginning when it is too large to be a report of ours."""
    _answer, found = box.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
    return next((bytes(part[1]) for part in found if isinstance(part, tuple)), b"")
