"""The role that runs the hub seals, verifies and keeps the retention; it changes nothing that is written."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from etoile.contract.identifiers import uuid7
from etoile.hub.journal import retention, seals
from etoile.hub.journal.verification import verify
from etoile.hub.product import PRODUCT
from etoile.hub.worker.database import conninfo
from etoile.runtime.postgres.provision import DATABASES, grant
from tests.hub.journal.conftest import write

pytestmark = pytest.mark.django_db(transaction=True)
ROLE = DATABASES["hub"].runtime


@pytest.fixture
def running(other: Callable[[], Any]) -> Iterator[Any]:
    with psycopg.connect(conninfo()) as owner:
        if not owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            pytest.skip("this server has no role that only runs")
        grant(owner, ROLE, append_only=PRODUCT.append_only)
    with psycopg.connect(make_conninfo("", **{**conninfo_to_dict(conninfo()), "user": ROLE})) as connection:
        yield connection


def test_it_seals_and_verifies(running: Any) -> None:
    write(running.cursor(), 3)
    running.commit()
    for _ in range(500):
        if seals.seal(running):
            break
        running.commit()
    verdict = verify(running)
    assert (verdict.ok, verdict.entries, verdict.waiting) == (True, 3, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_seal SET entries = 1",
        "DELETE FROM journal_seal",
        "TRUNCATE journal_seal",
        "DROP TABLE journal_entry_default",
        "ALTER TABLE journal_entry DISABLE TRIGGER USER",
        "UPDATE journal_entry SET number = 1",
        "SELECT setval('journal_entry_number', 1)",
    ],
)
def test_it_changes_nothing_that_is_written(running: Any, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        running.execute(statement)


def test_it_drops_an_old_month_by_the_function_that_has_the_guards(running: Any) -> None:
    with psycopg.connect(conninfo()) as owner:
        bounds = [
            owner.execute("SELECT journal_first_key(%s)", [datetime(2020, month, 1, tzinfo=UTC)]).fetchone()[0]
            for month in (1, 2)
        ]
        owner.execute(
            f"CREATE TABLE journal_message_y2020m01 PARTITION OF journal_message"
            f" FOR VALUES FROM ('{bounds[0]}') TO ('{bounds[1]}')"
        )
    with pytest.raises(psycopg.errors.RaiseException, match="three months"):
        running.execute("SELECT journal_drop_month(%s, %s, 'x')", [datetime.now(UTC).date().replace(day=1), uuid7()])
    running.rollback()
    assert retention.sweep(running, keep=12) == ["2020-01"]
    running.commit()
    assert running.execute("SELECT to_regclass('journal_message_y2020m01')").fetchone() == (None,)
