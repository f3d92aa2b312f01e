"""The threads of a worker that run the scheduled jobs: one for each lane, each with its own connection.

They are apart from the event loop, which claims and calls: a job that takes minutes delays no delivery.
"""

import time
from collections.abc import Sequence
from threading import Event, Thread

import structlog
from django.db import close_old_connections, connection

from etoile.hub.watch import jobs
from etoile.hub.watch.duties import DUTIES
from etoile.hub.watch.jobs import Duty

log = structlog.get_logger("etoile.hub.watch")

EVERY = 1.0
AFTER_A_LOSS = 5.0


class Rounds:
    """`worker` names the process in the rows of the jobs. Threads do not keep the process alive when it ends."""

    def __init__(self, worker: str, duties: Sequence[Duty] = DUTIES) -> None:
        self._worker = worker
        self._duties = duties
        self._over = Event()
        lanes = sorted({duty.lane for duty in duties})
        self._threads = [Thread(target=self._go, args=(lane,), name=f"watch-{lane}", daemon=True) for lane in lanes]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float) -> None:
        """No job begins any more; wait for those in progress. One that is cut here is taken up after its lease."""
        self._over.set()
        give_up = time.monotonic() + seconds
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(give_up - time.monotonic(), 0))

    def _go(self, lane: str) -> None:
        duties = [duty for duty in self._duties if duty.lane == lane]
        enrolled = False
        try:
            while not self._over.is_set():
                pause = EVERY
                try:
                    close_old_connections()
                    if not enrolled:
                        jobs.enrol(duties)
                        enrolled = True
                    self._turn(duties)
                except Exception as error:
                    log.warning("watch.round_failed", error=type(error).__name__)
                    connection.close()
                    pause = AFTER_A_LOSS
                self._over.wait(pause)
        finally:
            connection.close()

    def _turn(self, duties: Sequence[Duty]) -> None:
        while not self._over.is_set():
            taken = jobs.take(duties, self._worker)
            if taken is None:
                return
            jobs.run(taken)
