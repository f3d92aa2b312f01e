"""A simulated clamd: the same commands, frames, answers and closings as the real one (clamd(8), docs.clamav.net).

Compared with clamd 1.4.6 on 28 November 2026: the same bytes for an unknown command, a clean stream, a threat, a stream
past the limit (its answer, then a reset while the sender still writes); the real one adds `.UNOFFICIAL` to the name of
a signature of one's own.

It knows one signature, the test string of EICAR, assembled here so that no file of this repository carries it.
"""

import socket
import struct
import threading
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!" + b"$H+H*"
THREAT = "Eicar-Test-Signature"
VERSION = b"ClamAV 1.4.2/27500/simulated"


class SimulatedClamd:
    """`mood`: `well`; `mute` reads and never answers; `cut` closes in the middle of a file."""

    def __init__(self, link: socket.socket, *, limit: int = 1024 * 1024) -> None:
        self.link, self.limit, self.mood = link, limit, "well"
        self.asked: list[bytes] = []
        self._closed = threading.Event()
        link.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @classmethod
    def local(cls, path: Path, **more: int) -> "SimulatedClamd":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.bind(str(path))
        return cls(link, **more)

    @classmethod
    def tcp(cls) -> "SimulatedClamd":
        return cls(socket.create_server(("127.0.0.1", 0)))

    def close(self) -> None:
        if self._closed.is_set():
            return
        self._closed.set()
        self.link.shutdown(socket.SHUT_RDWR)
        self.link.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._closed.is_set():
            try:
                visitor, _address = self.link.accept()
            except OSError:
                return
            with visitor, visitor.makefile("rb") as stream:
                try:
                    self._answer(visitor, stream)
                except OSError:
                    continue

    def _answer(self, visitor: socket.socket, stream) -> None:  # type: ignore[no-untyped-def]
        command = b""
        while not command.endswith(b"\0"):
            command += stream.read(1) or b"\0"
        self.asked.append(command)
        if command == b"zVERSION\0":
            visitor.sendall(VERSION + b"\0")
        elif command == b"zINSTREAM\0":
            said = self._instream(stream)
            if said:
                visitor.sendall(said + b"\0")
        else:
            visitor.sendall(b"UNKNOWN COMMAND\0")

    def _instream(self, stream) -> bytes:  # type: ignore[no-untyped-def]
        content = b""
        while size := struct.unpack("!I", stream.read(4))[0]:
            if len(content) + size > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
            content += stream.read(size)
            if self.mood == "cut":
                return b""
        if self.mood == "mute":
            self._closed.wait(5)
            return b""
        return f"stream: {THREAT} FOUND".encode() if EICAR in content else b"stream: OK"
