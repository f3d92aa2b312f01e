"""Keep several programs running: start, prefix what they say, start again what fell, stop cleanly, leave no orphan.

    with Supervisor() as programs:
        programs.add("hub-web", [python, "-m", …], ready_url="http://127.0.0.1:8100/health/ready")
        programs.start()
        programs.wait_ready("hub-web")

One thread starts every program, and lasts until `close`: the kernel ties a child to the thread that made it.
"""

import contextlib
import os
import selectors
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TextIO

from etoile.runtime.child import Child, Status
from etoile.runtime.plain import PlainError

BEAT: Final = 0.05
READY_BEAT: Final = 0.1
SETTLED: Final = 0.5
HOPELESS: Final = 5
HTTP_TIMEOUT: Final = 2.0


class ChildFailedError(PlainError):
    """A program did not come up; the message ends with what it said last."""


class Supervisor:
    """Safe to call from any thread."""

    def __init__(self, *, output: TextIO | None = None, grace: float = 10.0) -> None:
        self._output = output or sys.stderr
        self._grace = grace
        self._children: dict[str, Child] = {}
        self._lock = threading.RLock()
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_writer, False)
        self._selector.register(self._wake_reader, selectors.EVENT_READ, None)
        self._thread: threading.Thread | None = None
        self._closing = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(
        self,
        name: str,
        argv: Sequence[str],
        env: Mapping[str, str] | None = None,
        ready_url: str | None = None,
        folder: Path | None = None,
    ) -> None:
        """Declare a program. `env` replaces the whole environment; `ready_url` answers 200 once it can work."""
        with self._lock:
            if name in self._children:
                raise ValueError(f"{name} is already supervised")
            self._children[name] = Child(name, tuple(argv), env, ready_url, folder)

    def start(self, name: str | None = None) -> None:
        """Start one program, or all those that were never stopped on purpose."""
        with self._lock:
            for child in [self._children[name]] if name else self._children.values():
                if name or not child.stopped:
                    child.want()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
                self._thread.start()
        self._wake()

    def wait_ready(self, name: str, timeout: float = 60.0) -> None:
        """Return once the program answers (or, without an address, has run for half a second)."""
        child = self._children[name]
        give_up = time.monotonic() + timeout
        while not self._is_ready(child):
            if child.failures >= HOPELESS:
                raise ChildFailedError(f"{name} stops as soon as it is started. It said:\n{child.last_words()}")
            if time.monotonic() > give_up:
                raise ChildFailedError(f"{name} is not ready after {timeout:.0f} s. It said:\n{child.last_words()}")
            time.sleep(READY_BEAT)

    def stop(self, name: str) -> None:
        """Ask the program to end, insist after a while; it stays down until `start`."""
        self._stop([self._children[name]])

    def kill(self, name: str) -> None:
        """End the program at once, as a crash would (SIGKILL to its whole group); it is started again."""
        with self._lock:
            self._children[name].kill()
        self._wake()

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)

    def states(self) -> dict[str, Status]:
        """What each program is doing now, in the order they were added."""
        with self._lock:
            return {name: child.status() for name, child in self._children.items()}

    def close(self) -> None:
        """Stop everything, all at the same time. Nothing can be started any more."""
        self._closing = True
        if self._thread is not None:
            self._stop(list(self._children.values()))
            self._wake()
            self._thread.join()
            self._thread = None
            self._selector.close()
            os.close(self._wake_reader)
            os.close(self._wake_writer)

    def _stop(self, children: list[Child]) -> None:
        for child in children:
            with self._lock:
                child.ask_to_end()
        give_up = time.monotonic() + self._grace
        while any(child.alive() for child in children) and time.monotonic() < give_up:
            time.sleep(BEAT)
        for child in children:
            with self._lock:
                child.kill()
        while any(child.alive() for child in children):
            time.sleep(BEAT)
        for child in children:
            with self._lock:
                self._bury(child)

    def _is_ready(self, child: Child) -> bool:
        status = child.status()
        if not status.up:
            return False
        if child.ready_url is None:
            return status.seconds > SETTLED
        request = urllib.request.Request(child.ready_url)  # noqa: S310 - our own programs' addresses
        try:
            with urllib.request.urlopen(request, timeout=HTTP_TIMEOUT) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            os.write(self._wake_writer, b".")

    def _run(self) -> None:
        while True:
            with self._lock:
                for child in self._children.values():
                    self._look_after(child)
                if self._closing and not any(child.alive() for child in self._children.values()):
                    return
            self._listen()

    def _look_after(self, child: Child) -> None:
        self._bury(child)
        if child.is_due() and not self._closing:
            output = child.spawn()
            self._selector.register(output, selectors.EVENT_READ, child)

    def _bury(self, child: Child) -> None:
        fallen = child.reap()
        if fallen:
            self._say(child.name, fallen)

    def _listen(self) -> None:
        for key, _events in self._selector.select(BEAT):
            if key.data is None:
                os.read(self._wake_reader, 4096)
                continue
            child: Child = key.data
            lines, ended = child.read(key.fd)
            for line in lines:
                self._say(child.name, line)
            if ended:
                self._selector.unregister(key.fileobj)
                os.close(key.fd)

    def _say(self, name: str, line: str) -> None:
        width = max(len(known) for known in self._children)
        with contextlib.suppress(OSError, ValueError):
            self._output.write(f"{name:<{width}} | {line}\n")
            self._output.flush()
