from datetime import UTC, datetime

import pytest
from django.db import connection

from etoile.contract.identifiers import first_uuid7, uuid7
from etoile.hub.journal.partitions import ensure

pytestmark = pytest.mark.django_db


def partition_of(identifier) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (id, at, kind, actor) VALUES (%s, now(), 'test.placed', 'test')"
            " RETURNING tableoid::regclass::text",
            [identifier],
        )
        return cursor.fetchone()[0]


def test_ensuring_twice_makes_nothing_the_second_time() -> None:
    with connection.cursor() as cursor:
        ensure(cursor, 4)
        assert ensure(cursor, 4) == 0


def test_a_key_made_now_goes_to_the_partition_of_this_month() -> None:
    assert partition_of(uuid7()) == f"journal_entry_y{datetime.now(UTC):%Ym%m}"


def test_the_first_key_of_a_month_is_the_bound_of_its_partition() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_first_key(%s)", [datetime(2031, 3, 1, tzinfo=UTC)])
        lower = cursor.fetchone()[0]
    assert lower.int >> 80 == first_uuid7(datetime(2031, 3, 1, tzinfo=UTC)).int >> 80
    assert lower < first_uuid7(datetime(2031, 3, 1, tzinfo=UTC))


def test_a_key_of_a_month_without_partition_is_kept_by_default() -> None:
    assert partition_of(first_uuid7(datetime(2019, 5, 1, tzinfo=UTC))) == "journal_entry_default"


def test_a_month_already_in_the_default_partition_stays_there_and_stops_nothing() -> None:
    ahead = datetime.now(UTC).replace(day=1)
    ahead = ahead.replace(year=ahead.year + 1)
    with connection.cursor() as cursor:
        partition_of(first_uuid7(ahead))
        ensure(cursor, 12)
        cursor.execute("SELECT to_regclass(%s)", [f"journal_message_y{ahead:%Ym%m}"])
        assert cursor.fetchone()[0] is not None
        cursor.execute("SELECT to_regclass(%s)", [f"journal_entry_y{ahead:%Ym%m}"])
        assert cursor.fetchone()[0] is None
