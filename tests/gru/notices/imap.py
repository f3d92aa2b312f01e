"""A mailbox of one folder that speaks enough IMAP (RFC 3501) to be read by `imaplib`. Simulated: tests only."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PASSWORD = "un mot/de passe"


class Mailbox:
    """`messages` by UID, which are the places in the list, from 1; `seen` those that were marked."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.seen: set[int] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"imap://retours:un%20mot%2Fde%20passe@127.0.0.1:{self.port}/INBOX"


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("* OK simulated")
        while line := self.rfile.readline().decode().strip():
            tag, _space, command = line.partition(" ")
            if not self.answer(command):
                self.say(f"{tag} NO refused")
                continue
            self.say(f"{tag} OK done")

    def answer(self, command: str) -> bool:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        if command.startswith("LOGIN"):
            return f'"{PASSWORD}"' in command
        if command.startswith("CAPABILITY"):
            self.say("* CAPABILITY IMAP4rev1")
        if command.startswith("SELECT"):
            self.say(f"* {len(box.messages)} EXISTS")
        if command.startswith("UID SEARCH UNSEEN"):
            waiting = [str(uid) for uid in range(1, len(box.messages) + 1) if uid not in box.seen]
            self.say(" ".join(["* SEARCH", *waiting]))
        if fetched := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            content = box.messages[int(fetched[1]) - 1][: int(fetched[2])]
            self.wfile.write(
                f"* 1 FETCH (UID {fetched[1]} BODY[]<0> {{{len(content)}}}\r\n".encode() + content + b")\r\n"
            )
        if stored := re.match(r"UID STORE (\d+) \+FLAGS \(\\Seen\)", command):
            box.seen.add(int(stored[1]))
        return True

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def serving() -> Iterator[Mailbox]:
    box = Mailbox()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.daemon_threads = True
        server.box, box.port = box, server.server_address[1]  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield box
        server.shutdown()
