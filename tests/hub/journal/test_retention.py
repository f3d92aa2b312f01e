"""Old months go whole; nothing unfinished or unsealed goes; the chain still proves the rest."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction

from etoile.contract.identifiers import first_uuid7
from etoile.hub.delivery.states import SETTLED, DeliveryState
from etoile.hub.journal import retention
from etoile.hub.journal.models import Entry
from etoile.hub.journal.verification import verify
from tests.hub.conftest import count
from tests.hub.journal.conftest import lawless, seal_all, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("journal")]

TABLES = ("journal_message", "journal_entry", "delivery_delivery", "delivery_attempt")
JANUARY, FEBRUARY = date(2020, 1, 1), date(2020, 2, 1)


def moment(first: date, day: int = 10) -> datetime:
    return datetime(first.year, first.month, day, tzinfo=UTC)


def key(first: date, day: int = 10) -> UUID:
    return UUID(int=first_uuid7(moment(first, day)).int | (uuid4().int & ((1 << 62) - 1)))


@pytest.fixture(autouse=True)
def old_months(journal) -> None:
    with connection.cursor() as cursor:
        for first in (JANUARY, FEBRUARY):
            following = (first + timedelta(days=32)).replace(day=1)
            for table in TABLES:
                cursor.execute(
                    f"CREATE TABLE {table}_y{first:%Ym%m} PARTITION OF {table} FOR VALUES"
                    f" FROM ('{bound(cursor, first)}') TO ('{bound(cursor, following)}')"
                )


def bound(cursor, first: date) -> UUID:
    cursor.execute("SELECT journal_first_key(%s)", [datetime(first.year, first.month, 1, tzinfo=UTC)])
    return cursor.fetchone()[0]


def entry(first: date) -> UUID:
    id = key(first)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (id, at, kind, actor) VALUES (%s, %s, 'test.old', 'test')", [id, moment(first)]
        )
    return id


def delivery(first: date, state: str, *, message: date | None = None) -> UUID:
    id = key(first)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_delivery (id, message_id, subscription_id, application_id, subject, position, state,"
            " leased_by, leased_at, lease_until, created_at)"
            " VALUES (%s, %s, 1, 1, 's', nextval('delivery_position'), %s, 'w', %s, %s, %s)",
            [id, key(message or first), state, moment(first), moment(first) if state == "leased" else None,
             moment(first)],
        )  # fmt: skip
    return id


def exists(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        return cursor.fetchone()[0]


def sweep(**values) -> list[str]:
    return retention.sweep(connection, **{"keep": 12, **values})


def test_by_default_nothing_is_ever_dropped(settings) -> None:
    assert settings.HUB_RETENTION_MONTHS == 0
    assert retention.sweep(connection) == []
    settings.HUB_RETENTION_MONTHS = 12
    assert retention.sweep(connection) == ["2020-01", "2020-02"]


def test_old_months_go_whole_with_a_trace_and_the_chain_still_holds() -> None:
    entry(JANUARY)
    delivery(JANUARY, "acknowledged")
    kept = entry(FEBRUARY)
    with connection.cursor() as cursor:
        recent = write(cursor)
    seal_all()
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_drop_month(%s, %s, 'test')", [JANUARY, key(JANUARY)])
    assert [exists(f"{table}_y2020m01") for table in TABLES] == [False] * 4
    assert set(Entry.objects.filter(kind__startswith="test.").values_list("pk", flat=True)) == {kept, *recent}
    trace = Entry.objects.get(kind="journal.dropped")
    assert trace.detail["month"] == "2020-01"
    assert trace.detail["rows"] == dict.fromkeys(TABLES, 0) | {"journal_entry": 1, "delivery_delivery": 1}
    seal_all()
    verdict = verify(connection)
    assert (verdict.ok, verdict.dropped, verdict.entries) == (True, 1, 3)
    with connection.cursor() as cursor, lawless(cursor):
        cursor.execute("DELETE FROM journal_entry WHERE id = %s", [kept])
    broken = verify(connection).broken
    assert broken is not None
    assert (broken.what, broken.entry) == ("removed", kept)


@pytest.mark.parametrize("state", [each.value for each in DeliveryState if each not in SETTLED])
def test_a_month_with_an_unfinished_delivery_is_never_dropped(state: str) -> None:
    delivery(JANUARY, state)
    assert sweep() == []
    assert exists("delivery_delivery_y2020m01")
    with connection.cursor() as cursor:
        [january, february] = retention.due(cursor, 12)
    assert (january.unfinished, february.unfinished, january.free) == (1, 1, False)
    assert "1 unfinished" in str(january)


@pytest.mark.parametrize("state", SETTLED)
def test_a_finished_delivery_keeps_no_month(state: str) -> None:
    delivery(JANUARY, state)
    assert sweep() == ["2020-01", "2020-02"]


def test_the_message_of_a_delivery_made_the_month_after_is_kept_with_it() -> None:
    delivery(FEBRUARY, "dead", message=JANUARY)
    assert sweep() == []


def test_an_entry_that_no_seal_covers_keeps_its_month() -> None:
    entry(JANUARY)
    assert sweep() == []
    seal_all()
    assert sweep() == ["2020-01", "2020-02"]


@pytest.mark.parametrize("state", ["dead", "sent"])
def test_the_database_refuses_it_whoever_asks(state: str) -> None:
    delivery(JANUARY, state)
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="not finished"), transaction.atomic():
        cursor.execute("SELECT journal_drop_month(%s, %s, 'test')", [JANUARY, key(JANUARY)])


def test_the_database_refuses_a_recent_month_and_what_is_no_month() -> None:
    for first, words in ((datetime.now(UTC).date().replace(day=1), "three months"), (date(2020, 1, 2), "first day")):
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match=words), transaction.atomic():
            cursor.execute("SELECT journal_drop_month(%s, %s, 'test')", [first, key(JANUARY)])


def test_a_table_in_use_is_left_for_the_next_time(monkeypatch) -> None:
    def busy(*args) -> None:
        raise OperationalError("busy") from psycopg.errors.LockNotAvailable("busy")

    monkeypatch.setattr(retention, "uuid7", busy)
    assert sweep() == []
    assert exists("journal_entry_y2020m01")


def test_the_command_says_what_it_dropped_and_what_it_could_not(capsys) -> None:
    entry(JANUARY)
    call_command("hub_retention", "--months", "12", "--dry-run")
    assert "2020-01: 0 unfinished deliveries, 1 entries not sealed" in capsys.readouterr().out
    with pytest.raises(SystemExit) as status:
        call_command("hub_retention", "--months", "12")
    assert status.value.code == 1
    seal_all()
    capsys.readouterr()
    call_command("hub_retention", "--months", "12", "--json")
    assert '"dropped": ["2020-01", "2020-02"]' in capsys.readouterr().out
    assert count("journal_entry_default") == 0
