"""A simulated mailbox (IMAP4rev1 over TLS, RFC 3501), on a real socket, for the tests of this connector.

with Postbox() as box: ...     # box.put("INBOX", content), box.settings, box.messages("INBOX"), box.faults.set("down")

It knows what the connector asks, and no more: SELECT, UID SEARCH, FETCH, STORE, MOVE, COPY and EXPUNGE, CREATE, STATUS.
"""

import base64
import re
import socket
import socketserver
import ssl
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from etoile.sdk.faults import Clock, Switch

USERNAME, PASSWORD = "reponses", "a-password"
KINDS = frozenset({"down", "unauthorized", "truncated", "unavailable"})
ARGUMENTS = re.compile(r'"([^"]*)"|(\([^)]*\))|(\S+)')
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(slots=True)
class Kept:
    uid: int
    content: bytes
    received: datetime
    flags: set[str] = field(default_factory=set)


class Postbox:
    """`folders`: name to messages. `capabilities`: what it says it can. `cut_at`: the connection is cut at the n-th
    command from now, after it was obeyed when `obeying`. `faults`: a switch shared with the server that sends."""

    def __init__(
        self,
        capabilities: str = "IMAP4rev1 UIDPLUS MOVE",
        *,
        port: int = 0,
        tls: bool = True,
        faults: Switch | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.folders: dict[str, list[Kept]] = {"INBOX": []}
        self.capabilities, self.tls = capabilities, tls
        self.validity = 7
        self.token = "a-token"  # noqa: S105 of a simulated system
        self.offers_starttls = not tls
        self.cut_at: int | None = None
        self.obeying = False
        self.commands: list[str] = []
        self.faults = faults or Switch(KINDS)
        self.clock = clock or Clock(datetime(2026, 11, 28, 9, tzinfo=UTC))
        self.authority, self.context = _certificate()
        self._uids = 0
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.box = self
        self.port = self._server.server_address[1]

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the connector that read this mailbox."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "tls" if self.tls else "starttls",
            "authority": self.authority,
            "username": USERNAME,
            "address": "reponses@ville.example.fr",
            "archive": "Lus",
        }

    def put(self, folder: str, content: bytes) -> int:
        """A message arrives. Its UID."""
        self._uids += 1
        kept = Kept(self._uids, content.replace(b"\n", b"\r\n"), self.clock.tick())
        self.folders.setdefault(folder, []).append(kept)
        return self._uids

    def messages(self, folder: str) -> list[Kept]:
        return self.folders.get(folder, [])

    def move(self, uid: int, source: str, target: str) -> None:
        for kept in [each for each in self.messages(source) if each.uid == uid]:
            self.folders[source].remove(kept)
            self._uids += 1
            self.folders[target].append(Kept(self._uids, kept.content, kept.received, kept.flags))

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="simulated-imap", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.set(None)
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True
    block_on_close = False
    box: Postbox

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no news."""


class _Handler(socketserver.BaseRequestHandler):
    """One connection: commands are read one by one, each answered by its method."""

    def handle(self) -> None:
        try:
            self._converse()
        finally:
            self.request.close()

    def _converse(self) -> None:
        self.box: Postbox = self.server.box  # type: ignore[attr-defined]
        self.folder, self.stop = "", False
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.box.faults.strikes("down"):
            return
        if self.box.tls:
            self.request = self.box.context.wrap_socket(self.request, server_side=True)
        self.lines = self.request.makefile("rb")
        self._say("* OK simulated mailbox")
        while not self.stop and (line := self.lines.readline()):
            tag, _, rest = line.decode().strip().partition(" ")
            self.box.commands.append(rest.split(" ")[0])
            cutting = self.box.cut_at == 0
            if self.box.cut_at is not None:
                self.box.cut_at -= 1
            if cutting and not self.box.obeying:
                return
            answer = self._obey(rest)
            if cutting:
                return
            self._say(f"{tag} {answer}" if " " in answer else f"{tag} {answer} done")
            if rest.upper() == "STARTTLS":
                self.request = self.box.context.wrap_socket(self.request, server_side=True)
                self.lines = self.request.makefile("rb")

    def _obey(self, command: str) -> str:
        words = [first or second or third for first, second, third in ARGUMENTS.findall(command)]
        verb = words[0].upper()
        if verb == "UID":
            verb, words = f"UID_{words[1].upper()}", words[1:]
        if self.box.faults.strikes("unavailable"):
            return "NO [UNAVAILABLE] try later"
        method: Callable[..., str] | None = getattr(self, f"do_{verb.lower()}", None)
        return method(*words[1:]) if method else "BAD unknown command"

    def do_capability(self) -> str:
        self._say(f"* CAPABILITY {self.box.capabilities}{' STARTTLS' if self.box.offers_starttls else ''}")
        return "OK"

    def do_starttls(self) -> str:
        return "OK begin"

    def do_login(self, username: str, password: str) -> str:
        refused = self.box.faults.strikes("unauthorized") or (username, password) != (USERNAME, PASSWORD)
        return "NO [AUTHENTICATIONFAILED] who are you?" if refused else "OK"

    def do_authenticate(self, mechanism: str) -> str:
        self._say("+ ")
        said = base64.b64decode(self.lines.readline()).decode()
        if mechanism == "XOAUTH2" and said == f"user={USERNAME}\1auth=Bearer {self.box.token}\1\1":
            return "OK"
        self._say("+ " + base64.b64encode(b'{"status":"400"}').decode())
        self.lines.readline()
        return "NO AUTHENTICATE failed."

    def do_select(self, folder: str) -> str:
        if folder not in self.box.folders:
            return "NO no such mailbox"
        self.folder = folder
        self._say(f"* {len(self.box.messages(folder))} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.box.validity}] valid")
        return "OK [READ-WRITE]"

    def do_status(self, folder: str, items: str) -> str:
        return "OK" if folder in self.box.folders else "NO no such mailbox"

    def do_create(self, folder: str) -> str:
        self.box.folders.setdefault(folder, [])
        return "OK"

    def do_noop(self) -> str:
        return "OK"

    def do_logout(self) -> str:
        self.stop = True
        self._say("* BYE")
        return "OK"

    def do_uid_search(self, *criteria: str) -> str:
        least = int(criteria[-1].partition(":")[0])
        uids = [each.uid for each in self.box.messages(self.folder)]
        # RFC 3501 §6.4.8: "n:*" always holds the last message, even below n.
        found = [uid for uid in uids if uid >= least] or uids[-1:]
        self._say("* SEARCH " + " ".join(map(str, found)))
        return "OK"

    def do_uid_fetch(self, uid: str, *items: str) -> str:
        for rank, kept in enumerate(self.box.messages(self.folder), start=1):
            if kept.uid == int(uid):
                limit = int(re.findall(r"<0\.(\d+)>", " ".join(items))[0])
                content, moment = kept.content[:limit], kept.received
                date = f"{moment.day:02}-{MONTHS[moment.month - 1]}-{moment:%Y %H:%M:%S} +0000"
                if self.box.faults.strikes("truncated"):
                    self.request.sendall(f"* {rank} FETCH (UID {uid} BODY[]<0> {{{len(content)}}}\r\nhalf".encode())
                    raise ConnectionAbortedError
                head = f'* {rank} FETCH (UID {uid} INTERNALDATE "{date}" BODY[]<0> {{{len(content)}}}\r\n'
                self.request.sendall(head.encode() + content + b")\r\n")
        return "OK"

    def do_uid_store(self, uids: str, action: str, flags: str) -> str:
        for kept in self._chosen(uids):
            kept.flags |= set(flags.strip("()").split())
        return "OK"

    def do_uid_move(self, uids: str, target: str) -> str:
        if target not in self.box.folders:
            return "NO [TRYCREATE] no such mailbox"
        for kept in self._chosen(uids):
            self.box.move(kept.uid, self.folder, target)
        return "OK"

    def do_uid_copy(self, uids: str, target: str) -> str:
        if target not in self.box.folders:
            return "NO [TRYCREATE] no such mailbox"
        for kept in self._chosen(uids):
            self.box.folders[target].append(Kept(kept.uid, kept.content, kept.received, set(kept.flags)))
        return "OK"

    def do_uid_expunge(self, uids: str) -> str:
        for kept in self._chosen(uids):
            if r"\Deleted" in kept.flags:
                self.box.folders[self.folder].remove(kept)
        return "OK"

    def _chosen(self, uids: str) -> list[Kept]:
        wanted = {int(each) for each in uids.split(",")}
        return [each for each in self.box.messages(self.folder) if each.uid in wanted]

    def _say(self, line: str) -> None:
        self.request.sendall(line.encode() + b"\r\n")


def _certificate() -> tuple[str, ssl.SSLContext]:
    """A certificate of its own authority, for 127.0.0.1; the PEM to trust, and the server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "simulated mailbox")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        both = Path(folder) / "both.pem"
        both.write_bytes(pem + secret)
        context.load_cert_chain(both)
    return pem.decode(), context
