"""Waiting for an insert into the outbox: LISTEN on a connection of its own, so that no poll delays an event."""

import os
import select
import threading
from contextlib import suppress
from typing import Any

import psycopg
from django.db import connection

CHANNEL = "gru_outbox"


class Wakeup:
    """`wait` returns at a notification, at a call of `wake`, or in time; without a database it only waits."""

    def __init__(self) -> None:
        self._listener: psycopg.Connection[Any] | None = None
        self._read_end, self._write_end = os.pipe()

    def wake(self) -> None:
        with suppress(OSError):
            os.write(self._write_end, b".")

    def wait(self, seconds: float, stopped: threading.Event) -> None:
        try:
            listener = self._listening()
        except psycopg.Error:
            stopped.wait(min(seconds, 1.0))
            return
        try:
            ready, _, _ = select.select([listener.fileno(), self._read_end], [], [], seconds)
            if self._read_end in ready:
                os.read(self._read_end, 1024)
            # Emptied without waiting: one round of the sender takes whatever all of them announced.
            for _notification in listener.notifies(timeout=0):
                pass
        except (psycopg.Error, OSError, ValueError):
            self._drop()

    def close(self) -> None:
        self._drop()
        os.close(self._read_end)
        os.close(self._write_end)

    def _listening(self) -> psycopg.Connection[Any]:
        if self._listener is None or self._listener.closed:
            parameters = connection.get_connection_params()
            for name in ("cursor_factory", "context"):
                parameters.pop(name, None)
            self._listener = psycopg.connect(**parameters, autocommit=True)
            self._listener.execute(f"LISTEN {CHANNEL}")
            # Something may have been written before we listened: do not sleep this time.
            self.wake()
        return self._listener

    def _drop(self) -> None:
        if self._listener is not None:
            with suppress(psycopg.Error):
                self._listener.close()
            self._listener = None
