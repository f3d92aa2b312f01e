"""An application that is bad in every way we know: nothing is lost, and it is never called sooner than it asks."""

import pytest

from tests.crashes.publisher import until
from tests.crashes.receiver import BAD_DAY, RETRY_AFTER, Fault
from tests.crashes.star import SHORT

NUMBER, SUBJECTS = 40, 10
# As many failures as open the circuit.
ENOUGH = SHORT["failures"]


@pytest.mark.parametrize("fault", BAD_DAY)
def test_an_application_that_fails_for_a_while_gets_everything_once_it_is_well(
    machine, receiver, publish, account, fault
):
    receiver.fault = fault
    with publish(NUMBER, SUBJECTS) as publisher:
        until(lambda: failures(receiver, publisher, fault) >= ENOUGH, f"the application answers by {fault}")
    assert "acknowledged" not in machine.states(publisher.subjects), f"{fault} was taken for a success"
    receiver.fault = Fault.NONE
    machine.drained(publisher.subjects)
    assert account(publisher).states == {"acknowledged": NUMBER}


def test_an_application_that_is_down_gets_everything_once_it_is_up(machine, receiver, publish, account):
    receiver.down()
    with publish(NUMBER, SUBJECTS) as publisher:
        until(lambda: retries(machine, publisher) >= ENOUGH, "several lanes were tried in vain")
    receiver.up()
    machine.drained(publisher.subjects)
    assert account(publisher).states == {"acknowledged": NUMBER}


def test_an_application_with_every_fault_by_turns_gets_everything_once_in_its_books(
    machine, receiver, publish, account, chance
):
    receiver.fault = lambda arrival: chance.choice([*BAD_DAY, *[Fault.NONE] * len(BAD_DAY)])
    with publish(2 * NUMBER, 4 * SUBJECTS) as publisher:
        pass
    machine.drained(publisher.subjects)
    counted = account(publisher)
    assert counted.states == {"acknowledged": 2 * NUMBER}
    assert counted.repeats > 0, "no fault was felt"


def test_an_application_that_asks_for_time_is_never_called_sooner(machine, receiver, publish, account, chance):
    """The delays of this subscription are shorter than what the application asks for."""
    asked = set()

    def busy_at_first(arrival):
        known = arrival.key in asked
        asked.add(arrival.key)
        return chance.choice([Fault.NONE, Fault.NONE, Fault.NONE, Fault.BUSY, Fault.BROKEN]) if known else Fault.BUSY

    receiver.fault = busy_at_first
    with publish(NUMBER, NUMBER, procedure="busy") as publisher:
        pass
    machine.drained(publisher.subjects)
    account(publisher)
    pauses = receiver.pauses_after_busy(publisher.subjects)
    assert pauses, "the application never asked for time"
    assert min(pauses) >= RETRY_AFTER


def mine(receiver, publisher):
    ids = {each.id for each in publisher.events}
    return [each for each in list(receiver.faults) if each[0].id in ids]


def failures(receiver, publisher, fault):
    return sum(each[1] is fault for each in mine(receiver, publisher))


def retries(machine, publisher):
    statement = "SELECT count(*) FROM delivery_delivery WHERE subject = ANY(%s) AND attempts > 0 AND state <> 'leased'"
    return machine.query(statement, publisher.subjects)[0][0]
