"""Two transactions at the same moment: real connections, real commits."""

import threading

import psycopg
import pytest
from django.db import connection

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery import engine
from etoile.hub.delivery.engine import NewDelivery, Result, Share
from etoile.hub.worker.database import conninfo


@pytest.fixture
def connect(emptied):
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE delivery_delivery, delivery_attempt")
    opened = []

    def another():
        opened.append(psycopg.connect(conninfo(), autocommit=True))
        return opened[-1]

    yield another
    for each in opened:
        each.close()


def submit(cursor, subject):
    item = NewDelivery(uuid7(), uuid7(), 1, 1, subject)
    with cursor.connection.transaction():
        engine.lock(cursor, [subject])
        engine.submit(cursor, [item])
    return item.id


def claim(cursor, worker="w", room=1000, run=20):
    return engine.claim(cursor, worker, [Share(1, room, True, 30.0)], run=run)


def test_nothing_is_submitted_once_the_locks_of_its_lane_are_let_go(connect):
    with connect().cursor() as cursor:
        engine.lock(cursor, ["a"])
        with pytest.raises(RuntimeError, match="inside the transaction"):
            engine.submit(cursor, [NewDelivery(uuid7(), uuid7(), 1, 1, "a")])
        cursor.execute("SELECT count(*) FROM delivery_delivery")
        assert cursor.fetchone() == (0,)


def test_what_is_submitted_while_the_one_before_is_being_settled_does_not_stand_still(connect):
    settling, submitting = connect(), connect()
    with settling.cursor() as cursor:
        submit(cursor, "a")
        (head,) = claim(cursor)
    done = threading.Event()

    def follow():
        with submitting.transaction(), submitting.cursor() as cursor:
            submit(cursor, "a")
        done.set()

    thread = threading.Thread(target=follow)
    with settling.transaction(), settling.cursor() as cursor:
        engine.settle(cursor, [Result(head, "acknowledged")])
        thread.start()
        assert not done.wait(0.3), "the submission waits for the end of the settling"
    thread.join(60)
    with settling.cursor() as cursor:
        assert len(claim(cursor)) == 1


def test_workers_that_claim_at_once_never_share_a_delivery_nor_a_lane(connect):
    with connect().cursor() as cursor:
        for number in range(300):
            submit(cursor, f"case/{number % 30}")
    taken, start = [], threading.Barrier(4)

    def work(name):
        with connect().cursor() as cursor:
            start.wait()
            for _ in range(10):
                taken.append([(name, each.id, each.subject) for each in claim(cursor, name, room=3, run=5)])

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    claims = [each for batch in taken for each in batch]
    assert len({delivery for _, delivery, _ in claims}) == len(claims)
    owners = {}
    assert all(owners.setdefault(subject, name) == name for name, _, subject in claims)
