"""The clock of the machines of the hub goes back; that of PostgreSQL, which decides, does not."""

import pytest

from tests.crashes.machine import WEB, WORKERS
from tests.crashes.receiver import RETRY_AFTER, Fault

NUMBER, SUBJECTS = 200, 40
PROGRAMS = (WEB, *WORKERS)
# Longer than an access token lasts, and than any delay between two tries of these tests.
BACK = -2 * 3600


@pytest.fixture
def clock(machine):
    """clock(seconds): from now on, the web server and the workers are wrong by so much."""
    machine.skew(0)
    machine.kill(*PROGRAMS)
    machine.again(*PROGRAMS)
    yield machine.skew
    machine.skew(None)
    machine.kill(*PROGRAMS)
    machine.again(*PROGRAMS)


def test_a_clock_that_goes_back_delays_nothing_changes_no_order_and_gives_good_tokens(
    machine, receiver, clock, publish, account, at_any_moment, chance
):
    receiver.fault = lambda arrival: chance.choice([Fault.BUSY, Fault.BROKEN, *[Fault.NONE] * 4])
    with publish(NUMBER, SUBJECTS, procedure="busy") as publisher:
        at_any_moment(publisher, after=NUMBER // 10, before=NUMBER // 3)
        clock(BACK)
    machine.drained(publisher.subjects)
    assert account(publisher).states == {"acknowledged": NUMBER}
    assert hours_back(machine, publisher) >= 1, "the clock was not felt"
    pauses = receiver.pauses_after_busy(publisher.subjects)
    assert pauses and min(pauses) >= RETRY_AFTER
    with publish(1, 1) as newcomer:
        pass
    assert not newcomer.answers.others, "a token given by a clock that is late is over before it is used"


def hours_back(machine, publisher):
    """Between the reception, by the clock of the web server, and the making of the delivery, by PostgreSQL's."""
    statement = """
        SELECT max(extract(epoch FROM d.created_at - m.received_at)) / 3600
        FROM delivery_delivery d JOIN journal_message m ON m.id = d.message_id WHERE d.subject = ANY(%s)
    """
    return machine.query(statement, publisher.subjects)[0][0]
