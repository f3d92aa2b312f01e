"""One hub for all the crash tests: what a crash leaves behind is what the next one begins with."""

import os
import random
import secrets
import time
from collections.abc import Callable, Iterator

import pytest

from etoile.sdk.serving import serve
from tests.crashes.account import Account
from tests.crashes.machine import WEB, WORKERS, Machine, secrets_of
from tests.crashes.office import Office
from tests.crashes.publisher import Publisher, until
from tests.crashes.receiver import Receiver

SEED = os.environ.get("CRASH_SEED") or secrets.token_hex(4)
# Events of the test that kills everything; make test-crashes keeps it small, the README says how to ask for more.
EVENTS = int(os.environ.get("CRASH_EVENTS", "2000"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"The moments of the crashes: CRASH_SEED={SEED} gives them again.")


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The same seed gives the same moments to the same test, whichever others run."""
    print(f"CRASH_SEED={SEED}")  # noqa: T201 - shown with the failure
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture(scope="package")
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture(scope="package")
def office() -> Office:
    return Office()


@pytest.fixture(scope="package")
def whole(receiver: Receiver, office: Office) -> Iterator[Machine]:
    with serve(office.application()) as address, Machine(receiver, int(address.rpartition(":")[2])) as machine:
        yield machine


@pytest.fixture
def machine(whole: Machine, receiver: Receiver) -> Iterator[Machine]:
    """Everything up, whatever the test before left."""
    yield whole
    receiver.behave()
    for program in (WEB, *WORKERS):
        whole.thaw(program)
    whole.database_again()
    whole.again(WEB, *WORKERS)


@pytest.fixture
def publish(machine: Machine) -> Callable[..., Publisher]:
    """publish(number, subjects): a publisher, to be used in a `with`."""
    secret = secrets_of(machine)("gru")

    def publisher(number: int, subjects: int, procedure: str = "works", **options: int) -> Publisher:
        return Publisher(machine.address, secret, number=number, subjects=subjects, procedure=procedure, **options)

    return publisher


@pytest.fixture
def account(machine: Machine, receiver: Receiver) -> Callable[..., Account]:
    return lambda publisher, takers=1: Account(machine, publisher, receiver, takers).balance()


@pytest.fixture
def heard(receiver: Receiver) -> Callable[[Publisher], int]:
    """How many requests for this publisher's cases have come so far."""
    return lambda publisher: receiver.count(publisher.subjects)


@pytest.fixture
def at_any_moment(chance: random.Random, heard: Callable[[Publisher], int]) -> Callable[..., None]:
    """Wait until between `after` and `before` requests of this publisher came, then up to a few calls more."""

    def wait(publisher: Publisher, *, after: int = 20, before: int | None = None) -> None:
        number = chance.randint(after, before or len(publisher.events) * 2 // 3)
        pause = chance.uniform(0, 0.05)
        until(lambda: heard(publisher) >= number, f"{number} requests came")
        time.sleep(pause)

    return wait
