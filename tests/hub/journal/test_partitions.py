from datetime import UTC, datetime

import pytest
from django.db import connection

from etoile.contract.identifiers import uuid7
from etoile.hub.journal.partitions import ensure

pytestmark = pytest.mark.django_db


def partition_of(identifier) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM journal_entry WHERE id = %s", [identifier])
        return cursor.fetchone()[0]


def test_ensuring_twice_makes_nothing_the_second_time() -> None:
    with connection.cursor() as cursor:
        ensure(cursor, 4)
        assert ensure(cursor, 4) == 0
