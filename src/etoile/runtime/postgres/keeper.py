"""A thread that starts the embedded server, starts it again if it dies, and lasts as long as it is needed.

The kernel ties the server to the thread that started it, so that thread is this one.
"""

import threading
from pathlib import Path
from typing import Final

from etoile.runtime.postgres.problems import EmbeddedDatabaseError
from etoile.runtime.postgres.server import Server, Tell

BEAT: Final = 0.2
LONGEST_DELAY: Final = 30.0


class Keeper:
    """`start` returns once the server answers, or raises what hindered it; `close` stops it."""

    def __init__(self, data: Path, *, home: Path | None = None, throw_away: bool = False, tell: Tell | None = None):
        self._tell: Tell = tell or (lambda message: None)
        self.server = Server(data, home=home, throw_away=throw_away, tell=self._tell)
        self._thread = threading.Thread(target=self._keep, name="postgres", daemon=True)
        self._started = threading.Event()
        self._closing = threading.Event()
        self._hindrance: BaseException | None = None

    def start(self) -> None:
        self._thread.start()
        self._started.wait()
        if self._hindrance is not None:
            raise self._hindrance

    def close(self) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep(self) -> None:
        try:
            self.server.start()
        except BaseException as hindrance:
            self._hindrance = hindrance
            return
        finally:
            self._started.set()
        failures = 0
        while not self._closing.wait(min(LONGEST_DELAY, BEAT * 2**failures)):
            if self.server.pid is None:
                failures = 0 if self._revive() else failures + 1
        self.server.stop()

    def _revive(self) -> bool:
        self._tell("PostgreSQL stopped by itself; starting it again")
        try:
            self.server.revive()
        except (EmbeddedDatabaseError, OSError) as hindrance:
            self._tell(str(hindrance))
            return False
        return True
