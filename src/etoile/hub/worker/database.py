"""The worker's own connections: synchronous, one thread each, short transactions, made again after any loss."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
from django.db import connections
from psycopg.conninfo import make_conninfo

T = TypeVar("T")
Cursor = psycopg.Cursor[tuple[Any, ...]]

DJANGO_TO_LIBPQ = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
CONNECT_SECONDS = 5
# What a second time may mend: the server is away, has no room, ended a deadlock, only reads for now (a standby), or did
# not wait for us.
PASSING = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.IdleInTransactionSessionTimeout,
)
# A worker frozen in the middle of a transaction (its machine paused, say) holds locks that acceptances wait for, on
# whichever PostgreSQL: the server takes them back well before a publisher gives up.
IDLE = "SELECT set_config('idle_in_transaction_session_timeout', '5s', false)"
# All the worker does is look up a few hundred rows by index, with statements whose plan does not depend on the values:
# planning again each time, or reading whole tables while they are small, cost more than the work (bench/results); and a
# plan that reads this month's partition whole, made while it was empty, would be kept while it fills.
LOOK_UP = (
    "SELECT set_config('random_page_cost', '1.1', false), set_config('enable_hashjoin', 'off', false),"
    " set_config('enable_mergejoin', 'off', false), set_config('enable_seqscan', 'off', false),"
    " set_config('enable_material', 'off', false),"
    " set_config('plan_cache_mode', 'force_generic_plan', false)"
)


def conninfo() -> str:
    """The address of the hub's database, as Django knows it (tests have another one than the settings say)."""
    known = connections["default"].settings_dict
    parts = {libpq: known[django] for django, libpq in DJANGO_TO_LIBPQ.items() if known.get(django)}
    options = {name: value for name, value in known.get("OPTIONS", {}).items() if isinstance(value, str)}
    return make_conninfo("", **{**options, **parts, "connect_timeout": CONNECT_SECONDS})


class Database:
    """One connection behind one thread. Work given to it runs in order, each in its own transaction."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    async def run(self, work: Callable[[Cursor], T]) -> T:
        """Run `work` in a transaction. An exception rolls back and comes out; the next call connects again."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)

    def _transact(self, work: Callable[[Cursor], T]) -> T:
        connection = self._connect()
        try:
            with connection.transaction(), connection.cursor() as cursor:
                return work(cursor)
        except PASSING:
            self._disconnect()
            raise

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is None or self._connection.closed:
            connection = psycopg.connect(
                conninfo(), autocommit=True, application_name=f"etoile-hub-worker-{self._name}"
            )
            connection.execute(LOOK_UP)
            connection.execute(IDLE)
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
