"""A journal that begins here: other tests leave entries behind, by the law of the journal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from etoile.hub.journal import seals
from etoile.hub.journal.services import record
from etoile.hub.worker.database import conninfo
from tests.hub.conftest import DELIVERING

TABLES = (
    *("journal_entry", "journal_seal", "journal_horizon", "journal_message", "journal_message_key"),
    *DELIVERING,
)


@contextmanager
def lawless(cursor: Any) -> Iterator[None]:
    """As the owner of the tables could do, to show that it is seen."""
    cursor.execute(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relname ~ '^journal_(entry|seal|message)'"
        " AND c.relkind IN ('r', 'p')"
    )
    tables = [row[0] for row in cursor.fetchall()]
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def begin_again() -> None:
    with connection.cursor() as cursor, lawless(cursor):
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}")


@pytest.fixture
def journal(db: None) -> None:
    begin_again()


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """The same, for tests whose transactions are real."""
    with seals.atomic(connection):
        begin_again()
    yield
    with seals.atomic(connection):
        begin_again()


@pytest.fixture
def other(committed: None) -> Iterator[Callable[[], Any]]:
    """Connections of their own, as other processes have."""
    opened: list[Any] = []

    def connect() -> Any:
        opened.append(psycopg.connect(conninfo()))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


def write(cursor: Any, number: int = 1, kind: str = "test.written") -> list[Any]:
    return [record(cursor, kind, actor="test", detail={"rank": rank}) for rank in range(number)]


def seal_all(until: float = 120.0) -> None:
    """Rounds until nothing waits: transactions of other tests may be running on the same server."""
    give_up = time.monotonic() + until
    while True:
        seals.seal(connection)
        with connection.cursor() as cursor:
            if not seals.waiting(cursor)[0]:
                return
        assert time.monotonic() < give_up, "the journal could not be sealed"
        time.sleep(0.02)
