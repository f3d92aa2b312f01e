"""`verify` finds whatever was changed in what is sealed, and names it."""

from uuid import UUID

import pytest
from django.db import connection

from etoile.contract.identifiers import uuid7
from etoile.hub.journal import seals
from etoile.hub.journal.models import Entry, Message, Seal
from etoile.hub.journal.verification import verify
from tests.hub.conftest import submission, token
from tests.hub.journal.conftest import lawless, seal_all, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("journal")]


@pytest.fixture
def entries(monkeypatch) -> list[UUID]:
    """Nine entries under three seals."""
    monkeypatch.setattr(seals, "BATCH", 3)
    with connection.cursor() as cursor:
        written = write(cursor, 9)
    seal_all()
    return written


def tamper(statement: str, *values: object) -> None:
    with connection.cursor() as cursor, lawless(cursor):
        cursor.execute(statement, list(values))
        assert cursor.rowcount == 1


def found() -> tuple[str, int, UUID | None]:
    verdict = verify(connection)
    assert not verdict.ok
    assert verdict.broken is not None
    assert str(verdict.broken)
    return verdict.broken.what, verdict.broken.seal, verdict.broken.entry


@pytest.mark.parametrize(
    "change",
    ["actor = 'nobody'", "kind = 'x'", "detail = '{}'", "at = at - interval '1 microsecond'", "application = 'gru'",
     "message_id = id", "delivery_id = id"],
)  # fmt: skip
def test_an_entry_changed_in_any_of_its_columns_is_named(entries, change: str) -> None:
    tamper(f"UPDATE journal_entry SET {change} WHERE id = %s", entries[3])
    assert found() == ("changed", 2, entries[3])


def test_the_first_of_several_broken_entries_is_named(entries) -> None:
    for rank in (7, 4, 5):
        tamper("UPDATE journal_entry SET actor = 'nobody' WHERE id = %s", entries[rank])
    assert found() == ("changed", 2, entries[4])


def test_an_entry_removed_is_named(entries) -> None:
    tamper("DELETE FROM journal_entry WHERE id = %s", entries[8])
    assert found() == ("removed", 3, entries[8])


def test_an_entry_slipped_into_what_is_sealed_is_named(entries) -> None:
    added = uuid7()
    number = Entry.objects.get(pk=entries[4]).number
    tamper(
        "INSERT INTO journal_entry (id, at, kind, actor, number) VALUES (%s, now(), 'forged', 'x', %s)", added, number
    )
    assert found() == ("added", 2, added)


def test_an_entry_moved_after_the_last_seal_is_missed_where_it_was(entries) -> None:
    tamper("UPDATE journal_entry SET number = number + 1000 WHERE id = %s", entries[0])
    assert found() == ("removed", 1, entries[0])


@pytest.mark.parametrize(
    "change", ["hash = '\\x00'", "marks = '\\x00'", "entries = 2", "at = now()", "marks = marks || marks"]
)
def test_a_seal_changed_is_named(entries, change: str) -> None:
    tamper(f"UPDATE journal_seal SET {change} WHERE id = 2")
    assert found() == ("seal", 2, None)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM journal_seal WHERE id = 2", "UPDATE journal_seal SET previous = hash WHERE id = 2"]
)
def test_a_seal_that_no_longer_follows_the_one_before_is_named(entries, statement: str) -> None:
    tamper(statement)
    assert found() == ("link", 2, None)


def test_a_chain_written_again_is_betrayed_by_a_hash_kept_elsewhere(entries) -> None:
    kept = bytes(Seal.objects.get(pk=2).hash).hex()
    assert verify(connection, known=kept).ok
    assert verify(connection, known=kept[:16].upper()).ok
    with connection.cursor() as cursor, lawless(cursor):
        cursor.execute("UPDATE journal_entry SET actor = 'nobody' WHERE id = %s", [entries[4]])
        cursor.execute("TRUNCATE journal_seal, journal_horizon")
    seal_all()
    assert verify(connection).ok
    verdict = verify(connection, known=kept)
    assert verdict.broken is not None
    assert verdict.broken.what == "known"


class TestMessages:
    @pytest.fixture
    def message(self, publish, town) -> Message:
        message = Message.objects.get(pk=publish(submission(), token("gru")).json()["id"])
        seal_all()
        return message

    def test_a_message_as_it_was_accepted_is_right(self, message: Message) -> None:
        assert verify(connection).ok
        with connection.cursor() as cursor:
            cursor.execute("UPDATE journal_message SET state = 'unrouted' WHERE id = %s", [message.pk])
        assert verify(connection).ok, "its state is not what was received"

    @pytest.mark.parametrize(
        "change",
        ["payload = payload || ' '", "payload = 'not json'", "subject = 'case/other'", "source = 'other'",
         "event_id = 'x'", "type = 'x'", "authority = 'x'", "reference = 'x'"],
    )  # fmt: skip
    def test_a_message_changed_is_named_with_its_entry(self, message: Message, change: str) -> None:
        tamper(f"UPDATE journal_message SET {change} WHERE id = %s", message.pk)
        entry = Entry.objects.get(message_id=message.pk, kind="message.accepted")
        assert found() == ("message", self.seal_of(entry.pk), entry.pk)

    def test_a_message_removed_is_named(self, message: Message) -> None:
        tamper("DELETE FROM journal_message WHERE id = %s", message.pk)
        assert found()[0] == "message"

    def test_a_key_given_another_digest_is_named(self, message: Message) -> None:
        tamper("UPDATE journal_message_key SET digest = '\\x00' WHERE message_id = %s", message.pk)
        assert found()[0] == "message"

    @staticmethod
    def seal_of(entry: UUID) -> int:
        return next(each.pk for each in Seal.objects.order_by("id") if entry.bytes in bytes(each.marks))
