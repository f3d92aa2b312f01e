"""The machine loses its power, as far as programs can tell: everything is killed at once, with the work half done."""

from signal import SIGKILL

from tests.crashes.conftest import EVENTS
from tests.crashes.machine import WEB, WORKERS
from tests.crashes.publisher import until
from tests.crashes.receiver import Fault

PROGRAMS = (WEB, *WORKERS)
PATIENCE = 60 + EVENTS / 20


def test_everything_killed_at_once_after_thousands_of_events_loses_none(
    machine, receiver, publish, account, heard, chance
):
    """Each event goes to three applications: one that works, one that never does, one that is switched off."""
    receiver.fault = lambda arrival: Fault.BROKEN if arrival.path == "/hopeless" else Fault.NONE
    moment, calls = EVENTS - chance.randint(1, EVENTS // 10), chance.randint(1, EVENTS // 10)
    with publish(EVENTS, EVENTS // 10, procedure="all", threads=8) as publisher:
        until(lambda: publisher.count >= moment and heard(publisher) >= calls, f"{moment} events accepted", PATIENCE)
        for program in PROGRAMS:
            machine.kill(program)
        machine.signal_database(SIGKILL, family=True)
        machine.database_again()
        machine.again(*PROGRAMS)
    lanes = len(publisher.subjects)
    expected = {"acknowledged": EVENTS, "held": EVENTS, "dead": lanes, "pending": EVENTS - lanes}
    until(lambda: machine.states(publisher.subjects) == expected, f"{expected}", PATIENCE)
    counted = account(publisher, takers=3)
    assert counted.states == expected
    until(lambda: counted.sealed() >= EVENTS, "the journal is sealed, and is as it was sealed")
