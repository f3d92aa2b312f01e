"""One supervised program: its process group, its pipe, its back-off."""

import contextlib
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from etoile.runtime.processes import spawn

FIRST_DELAY: Final = 0.5
LONGEST_DELAY: Final = 30.0
SOUND: Final = 10.0
CHUNK: Final = 65536
REMEMBERED: Final = 20


@dataclass(frozen=True, slots=True)
class Status:
    """`seconds` since it was started; `restarts` since it was added."""

    up: bool
    pid: int | None
    seconds: float
    restarts: int


@dataclass
class Child:
    """Not safe by itself: the supervisor holds its lock around each call."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] | None = None
    ready_url: str | None = None
    folder: Path | None = None
    failures: int = 0
    stopped: bool = False
    _wanted: bool = False
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _due: float = 0.0
    _starts: int = 0
    _partial: dict[int, bytes] = field(default_factory=dict)
    _said: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def want(self) -> None:
        self._wanted, self.stopped = True, False
        self._due = self.failures = 0

    def is_due(self) -> bool:
        return self._wanted and self._process is None and time.monotonic() >= self._due

    def alive(self) -> bool:
        process = self._process
        return process is not None and process.poll() is None

    def status(self) -> Status:
        process = self._process
        up = process is not None and process.poll() is None
        seconds = time.monotonic() - self._started if up else 0.0
        return Status(up, process.pid if up and process else None, seconds, max(0, self._starts - 1))

    def last_words(self) -> str:
        return "\n".join(f"  {line}" for line in self._said) or "  (nothing)"

    def spawn(self) -> int:
        """Start it; returns the file descriptor of what it says."""
        reader, writer = os.pipe()
        try:
            self._process = spawn(self.argv, environment=self.env, output=writer, folder=self.folder)
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        self._started = time.monotonic()
        self._starts += 1
        return reader

    def read(self, descriptor: int) -> tuple[list[str], bool]:
        """(whole lines said since, is it over)."""
        data = os.read(descriptor, CHUNK)
        *lines, rest = (self._partial.pop(descriptor, b"") + data).split(b"\n")
        if data:
            self._partial[descriptor] = rest
        elif rest:
            lines.append(rest)
        texts = [line.decode(errors="replace").rstrip("\r") for line in lines]
        self._said.extend(texts)
        return texts, not data

    def reap(self) -> str:
        """If it has ended: sweep what is left of its group, plan the next start, say so."""
        process = self._process
        status = process.poll() if process else None
        if process is None or status is None:
            return ""
        self._signal_group(process.pid, signal.SIGKILL)
        self._process = None
        how = f"killed by signal {-status}" if status < 0 else f"ended with status {status}"
        if not self._wanted:
            return f"stopped ({how})"
        self.failures = 1 if time.monotonic() - self._started > SOUND else self.failures + 1
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (self.failures - 1))
        self._due = time.monotonic() + delay
        return f"{how}; starting again in {delay:g} s"

    def ask_to_end(self) -> None:
        """The program itself ends its own children; they are only killed if it does not."""
        self._wanted, self.stopped = False, True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._signal_group(self._process.pid, signal.SIGKILL)

    def _signal_group(self, pid: int, number: signal.Signals) -> None:
        """The leader made the group: its number stays taken as long as one member lives."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)
