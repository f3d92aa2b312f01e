"""The scanner of files, asked as `clamd` is: INSTREAM over a local or TCP socket (man clamd(8), docs.clamav.net)."""

import select
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Literal
from urllib.parse import urlsplit

import structlog
from django.conf import settings

log = structlog.get_logger("etoile.documents")

BLOCK = 64 * 1024
CONNECTING = 3.0
# What a person waits for while a file leaves, and what the worker waits for.
PATIENCE, LONG_PATIENCE = 20.0, 120.0
PORT = 3310
_LONGEST_ANSWER = 4096


@dataclass(frozen=True, slots=True)
class Verdict:
    """`unavailable` when the scanner did not answer in time or not in its own words; `threat` is the name it gives to
    what it found; `too_large` when it refuses a file of that size.
    """

    word: Literal["clean", "infected", "unavailable", "unchecked"]
    threat: str = ""
    too_large: bool = False


UNCHECKED = Verdict("unchecked")


def is_configured() -> bool:
    return bool(settings.ANTIVIRUS_URL)


def scan(file: IO[bytes], *, patience: float = PATIENCE) -> Verdict:
    """Reads the file from its start; its position is left anywhere. Never raises for what the scanner does."""
    if not is_configured():
        return UNCHECKED
    try:
        with _connected(patience) as line:
            answer = line.instream(file)
    except OSError as problem:
        log.warning("antivirus_unavailable", error=type(problem).__name__)
        return Verdict("unavailable")
    return _read(answer)


def look() -> str:
    """The version the scanner announces. OSError when it does not answer."""
    with _connected(CONNECTING) as line:
        version = line.ask(b"zVERSION\0")
    if not version:
        raise ConnectionError("the scanner closed the line without a word")
    return version


def _read(answer: str) -> Verdict:
    words = answer.removeprefix("stream: ").strip()
    if words == "OK":
        return Verdict("clean")
    if words.endswith(" FOUND"):
        return Verdict("infected", threat=words.removesuffix(" FOUND")[:200])
    too_large = "size limit exceeded" in words
    log.warning("antivirus_refusal", reason=words or "closed without a word")
    return Verdict("unavailable", too_large=too_large)


class _Line:
    """One connection, one command; `until` is the moment after which nothing is waited for any more."""

    def __init__(self, link: socket.socket, until: float) -> None:
        self.link, self.until = link, until

    def ask(self, command: bytes) -> str:
        self._send(command)
        return self._answer()

    def instream(self, file: IO[Any]) -> str:
        """The content by blocks, each after its length; an empty one ends it. A scanner that has heard enough answers
        before the end, and closes: what it said is read all the same.
        """
        file.seek(0)
        try:
            self._send(b"zINSTREAM\0")
            while block := file.read(BLOCK):
                if select.select([self.link], [], [], 0)[0]:
                    return self._answer()
                self._send(struct.pack("!I", len(block)) + block)
            self._send(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass
        return self._answer()

    def _send(self, data: bytes) -> None:
        self.link.settimeout(self._left())
        self.link.sendall(data)

    def _answer(self) -> str:
        received = b""
        while b"\0" not in received and len(received) < _LONGEST_ANSWER:
            self.link.settimeout(self._left())
            block = self.link.recv(1024)
            if not block:
                break
            received += block
        return received.partition(b"\0")[0].decode("utf-8", "replace").strip()

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the scanner takes too long")
        return left


@contextmanager
def _connected(patience: float) -> Iterator[_Line]:
    where = urlsplit(settings.ANTIVIRUS_URL)
    until = time.monotonic() + patience
    if where.scheme == "unix":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(CONNECTING)
        try:
            link.connect(where.path)
        except OSError:
            link.close()
            raise
    else:
        link = socket.create_connection((where.hostname or "localhost", where.port or PORT), CONNECTING)
    with link:
        yield _Line(link, until)
