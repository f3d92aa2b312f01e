"""Workers killed or frozen at any moment, while events keep coming."""

import signal

from etoile.hub.delivery.states import DeliveryState
from tests.crashes.machine import SECOND, WORKER, WORKERS
from tests.crashes.publisher import until
from tests.crashes.receiver import Fault

NUMBER, SUBJECTS = 300, 30


def test_one_worker_of_two_killed_loses_nothing(machine, publish, account, chance, at_any_moment):
    with publish(NUMBER, SUBJECTS) as publisher:
        at_any_moment(publisher)
        machine.kill(chance.choice(WORKERS))
    machine.drained(publisher.subjects)
    assert account(publisher).states == {"acknowledged": NUMBER}


def test_all_workers_killed_again_and_again_lose_nothing(machine, publish, account, at_any_moment):
    with publish(NUMBER, SUBJECTS) as publisher:
        for half in (150, 300):
            at_any_moment(publisher, after=half - 130, before=half - 20)
            machine.kill(*WORKERS)
            machine.again(*WORKERS)
    machine.drained(publisher.subjects)
    assert account(publisher).states == {"acknowledged": NUMBER}


def test_a_worker_frozen_longer_than_its_leases_wakes_and_breaks_nothing(
    machine, publish, account, chance, at_any_moment
):
    frozen = chance.choice(WORKERS)
    with publish(NUMBER, SUBJECTS) as publisher:
        at_any_moment(publisher)
        machine.signal(frozen, signal.SIGSTOP)
    machine.drained(publisher.subjects)
    machine.signal(frozen, signal.SIGCONT)
    with publish(NUMBER, SUBJECTS) as after:
        pass
    machine.drained(after.subjects)
    assert account(publisher).states == account(after).states == {"acknowledged": NUMBER}


def test_the_late_answer_of_a_frozen_worker_does_not_let_the_lane_go_on(machine, receiver, publish, account, heard):
    """The token decides: the second worker is still calling when the first, whose lease has ended, gets its answer."""
    receiver.fault = Fault.HELD
    with publish(2, 1, procedure="fenced") as publisher:
        until(lambda: heard(publisher) == 1, "the first worker calls")
    (subject,) = publisher.subjects
    first = holder(machine, subject)
    machine.signal(first, signal.SIGSTOP)
    try:
        until(lambda: heard(publisher) == 2, "the second worker takes the delivery up and calls")
    finally:
        machine.signal(first, signal.SIGCONT)
    until(lambda: finished(machine, subject) == 1, "the first worker completes its own attempt")
    assert state_of_the_first(machine, subject) == DeliveryState.LEASED, "the late answer counted"
    assert heard(publisher) == 2, "the next message left while its predecessor was being sent"
    receiver.fault = Fault.NONE
    receiver.release(Fault.BROKEN)
    machine.drained(publisher.subjects)
    assert [each.sequence for each in account(publisher).heard] == [0, 0, 0, 1]


def test_a_worker_frozen_in_the_middle_of_a_transaction_does_not_keep_publishers_waiting(
    machine, receiver, publish, heard
):
    """It holds the lock of the subject, which the next acceptance needs: PostgreSQL takes it back."""
    receiver.fault = Fault.HELD
    with publish(1, 1) as publisher:
        until(lambda: heard(publisher) == 1, "the worker calls")
    (subject,) = publisher.subjects
    frozen = holder(machine, subject)
    with machine.connect() as obstacle:
        with obstacle.transaction():
            obstacle.execute("SELECT FROM delivery_delivery WHERE subject = %s FOR UPDATE", [subject])
            receiver.fault = Fault.NONE
            receiver.release(Fault.NONE)
            until(lambda: settling(machine, "wait_event_type = 'Lock'"), "the worker settles, and has to wait")
            machine.signal(frozen, signal.SIGSTOP)
        until(lambda: settling(machine, "state LIKE 'idle in transaction%%'"), "the transaction waits for the frozen")
    with publish(1, 1, cases=[subject]) as following:
        pass
    machine.drained([subject])
    machine.thaw(frozen)
    assert machine.states([subject]) == {"acknowledged": 2}
    assert receiver.written.keys() >= {("/works", each.id) for each in publisher.events + following.events}


def settling(machine, what):
    statement = f"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'etoile-hub-worker-settle' AND {what}"
    return machine.query(statement)[0][0]


def holder(machine, subject):
    ((leased_by,),) = machine.query(
        "SELECT leased_by FROM delivery_delivery WHERE subject = %s AND leased_by IS NOT NULL LIMIT 1", subject
    )
    by_pid = {str(machine.pid(name)): name for name in (WORKER, SECOND)}
    return by_pid[leased_by.split(":")[1]]


def finished(machine, subject):
    ((number,),) = machine.query(
        "SELECT count(*) FROM delivery_attempt a JOIN delivery_delivery d ON d.id = a.delivery_id"
        " WHERE d.subject = %s AND a.finished_at IS NOT NULL",
        subject,
    )
    return number


def state_of_the_first(machine, subject):
    return machine.query("SELECT state FROM delivery_delivery WHERE subject = %s ORDER BY position LIMIT 1", subject)[
        0
    ][0]
