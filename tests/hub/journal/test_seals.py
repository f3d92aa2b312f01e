"""Every entry is sealed once, in order, however its transaction ends; nothing sealed changes unseen."""

import random
import threading
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from etoile.hub.journal import seals
from etoile.hub.journal.models import Entry, Seal
from etoile.hub.journal.verification import verify
from tests.hub.conftest import submission, token
from tests.hub.journal.conftest import seal_all, write

pytestmark = pytest.mark.django_db


def covered() -> list[UUID]:
    marks = b"".join(bytes(each.marks) for each in Seal.objects.order_by("id"))
    return [UUID(bytes=marks[start : start + 16]) for start in range(0, len(marks), seals.MARK)]


@pytest.mark.usefixtures("journal")
def test_entries_are_sealed_in_the_order_they_were_written_and_the_chain_holds() -> None:
    with connection.cursor() as cursor:
        first, second = write(cursor, 3), []
        seal_all()
        second = write(cursor, 2)
        seal_all()
    assert covered() == first + second
    one, two = Seal.objects.order_by("id")
    assert (one.entries, two.entries, bytes(two.previous), one.to_number) == (3, 2, bytes(one.hash), two.from_number)
    verdict = verify(connection)
    assert (verdict.ok, verdict.entries, verdict.seals, verdict.waiting) == (True, 5, 2, 0)
    assert verdict.last == bytes(two.hash).hex()


@pytest.mark.usefixtures("journal")
def test_an_idle_hub_seals_and_writes_nothing() -> None:
    with connection.cursor() as cursor:
        write(cursor)
    seal_all()
    assert [seals.seal(connection) for _ in range(3)] == [None, None, None]
    assert Seal.objects.count() == 1


@pytest.mark.usefixtures("journal")
def test_a_long_wait_is_sealed_in_several_links(monkeypatch) -> None:
    monkeypatch.setattr(seals, "BATCH", 4)
    with connection.cursor() as cursor:
        written = write(cursor, 10)
    seal_all()
    assert [each.entries for each in Seal.objects.order_by("id")] == [4, 4, 2]
    assert covered() == written
    assert verify(connection).ok


@pytest.mark.usefixtures("journal")
def test_an_empty_journal_is_right() -> None:
    assert verify(connection).ok
    with connection.cursor() as cursor:
        assert seals.waiting(cursor) == (0, None)
        assert seals.last(cursor) is None


@pytest.mark.parametrize(
    "statement", ["UPDATE journal_seal SET entries = 9", "DELETE FROM journal_seal", "TRUNCATE journal_seal"]
)
@pytest.mark.usefixtures("journal")
def test_a_seal_is_neither_changed_nor_removed(statement: str) -> None:
    with connection.cursor() as cursor:
        write(cursor)
        seal_all()
        with pytest.raises((InternalError, ProgrammingError), match="append-only"), transaction.atomic():
            cursor.execute(statement)


def test_an_entry_committed_late_is_sealed_after_those_that_came_meanwhile(other) -> None:
    slow, quick, sealing = other(), other(), other()
    late = write(slow.cursor())
    early = write(quick.cursor(), 2)
    quick.commit()
    for _ in range(4):
        assert seals.seal(sealing) is None
        sealing.commit()
    slow.commit()
    seal_all()
    assert covered() == late + early
    assert verify(connection).ok


def test_a_transaction_that_begins_after_the_note_delays_no_seal(other) -> None:
    quick, slow, sealing = other(), other(), other()
    early = write(quick.cursor())
    quick.commit()
    seals.seal(sealing)
    sealing.commit()
    late = write(slow.cursor())
    assert seals.seal(sealing) is not None
    sealing.commit()
    assert covered() == early
    slow.commit()
    seal_all()
    assert covered() == early + late


def test_a_long_transaction_that_does_not_write_the_journal_delays_no_seal(other) -> None:
    report, quick, sealing = other(), other(), other()
    report.execute("SELECT pg_current_xact_id(), (SELECT count(*) FROM journal_entry)")
    early = write(quick.cursor())
    quick.commit()
    for _ in range(2):
        seals.seal(sealing)
        sealing.commit()
    assert covered() == early


def test_what_was_rolled_back_leaves_a_hole_and_stops_nothing(other) -> None:
    undone, kept = other(), other()
    write(undone.cursor(), 3)
    undone.rollback()
    written = write(kept.cursor())
    kept.commit()
    seal_all()
    assert covered() == written
    assert verify(connection).ok


def test_two_processes_never_make_the_same_seal(other) -> None:
    one, two = other(), other()
    one.execute("SELECT pg_advisory_xact_lock(hashtextextended('journal.seal', 0))")
    assert seals.seal(two) is None


def test_a_transaction_that_cannot_see_later_commits_is_refused(other) -> None:
    sealing = other()
    sealing.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    with pytest.raises(seals.WrongIsolationError):
        seals.seal(sealing)


def test_whatever_the_order_of_commits_every_entry_is_sealed_exactly_once(other, record_property) -> None:
    seed = random.randrange(2**32)
    record_property("seed", seed)
    done, kept, lock = threading.Event(), [], threading.Lock()

    def writer(number: int) -> None:
        chance, opened = random.Random(seed + number), connections[number]
        for _ in range(25):
            written = write(opened.cursor(), chance.randint(1, 4))
            done.wait(chance.random() / 50)
            if chance.random() < 0.2:
                opened.rollback()
            else:
                opened.commit()
                with lock:
                    kept.extend(written)

    connections = [other() for _ in range(4)]
    sealing = other()
    threads = [threading.Thread(target=writer, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seals.seal(sealing)
        sealing.commit()
    seal_all()
    assert sorted(covered()) == sorted(kept), f"seed {seed}"
    assert len(set(covered())) == len(covered())
    assert Seal.objects.count() > 1
    assert verify(connection).ok


@pytest.mark.usefixtures("journal")
def test_the_age_of_what_waits_tells_a_late_seal() -> None:
    with connection.cursor() as cursor:
        write(cursor, 2)
        number, oldest = seals.waiting(cursor)
    assert number == 2
    assert oldest is not None
    assert (datetime.now(UTC) - oldest).total_seconds() < 60


@pytest.mark.usefixtures("journal", "town")
def test_accepting_writes_what_the_proof_needs_in_the_same_entry(publish) -> None:
    event = submission()
    id = publish(event, token("gru")).json()["id"]
    detail = Entry.objects.get(message_id=id).detail
    assert detail["digest"] == event.digest().hex()
    assert len(detail["payload"]) == 64
    assert len(detail["subscriptions"]) == 1
