import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from etoile.hub.journal.models import Entry
from etoile.hub.journal.services import record
from tests.hub.conftest import submission, token

pytestmark = pytest.mark.django_db

REFUSED = (InternalError, ProgrammingError)


@pytest.fixture
def entry() -> Entry:
    with connection.cursor() as cursor:
        return Entry.objects.get(pk=record(cursor, "test.written", actor="test", detail={"why": "to be kept"}))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET actor = 'another' WHERE id = %(id)s",
        "DELETE FROM journal_entry WHERE id = %(id)s",
        "UPDATE {partition} SET actor = 'another' WHERE id = %(id)s",
        "DELETE FROM {partition} WHERE id = %(id)s",
        "TRUNCATE journal_entry",
        "TRUNCATE {partition}",
    ],
)
def test_an_entry_is_neither_changed_nor_removed(entry: Entry, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM journal_entry WHERE id = %s", [entry.pk])
        statement = statement.replace("{partition}", cursor.fetchone()[0])
        with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
            cursor.execute(statement, {"id": entry.pk})
    assert Entry.objects.get(pk=entry.pk).actor == "test"


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("change", ["payload = '{}'", "subject = 'case/other'", "event_id = 'x'"])
def test_a_message_keeps_what_was_received(publish, change: str) -> None:
    from_gru = accepted(publish)
    with connection.cursor() as cursor, pytest.raises(REFUSED, match="append-only"), transaction.atomic():
        cursor.execute(f"UPDATE journal_message SET {change} WHERE id = %s", [from_gru])


@pytest.mark.usefixtures("town")
def test_a_message_is_not_deleted_but_its_state_may_change(publish) -> None:
    from_gru = accepted(publish)
    with connection.cursor() as cursor:
        with pytest.raises(REFUSED, match="append-only"), transaction.atomic():
            cursor.execute("DELETE FROM journal_message WHERE id = %s", [from_gru])
        cursor.execute("UPDATE journal_message SET state = 'unrouted' WHERE id = %s", [from_gru])
        assert cursor.rowcount == 1


def accepted(publish) -> str:
    return publish(submission(), token("gru")).json()["id"]
