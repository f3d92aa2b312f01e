import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import asdict
from pathlib import Path

import pytest
from django.db import connection, transaction

from etoile.contract.schemas import example
from etoile.hub.delivery import engine
from etoile.hub.delivery.models import Delivery
from etoile.hub.registry import directory
from etoile.hub.registry.models import Subscription
from etoile.hub.routing.services import accept_many
from etoile.hub.worker.database import conninfo
from etoile.runtime.processes import alive
from tests.hub.delivery.conftest import SUBMITTED
from tests.hub.engines import nats_engine
from tests.hub.worker.conftest import policy, star, type_of  # noqa: F401 (a fixture)

ROOT = Path(__file__).parents[3]
LONGEST = 180
EVENTS, SUBJECTS, SOME = 300, 60, 60


def wait(condition, seconds=LONGEST):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"it did not happen: {Counter(Delivery.objects.values_list('state', flat=True))}"
        time.sleep(0.03)


class Nursery:
    """See __main__.py."""

    def __init__(self):
        self._started = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.hub.conformance"],
            cwd=ROOT,
            env=os.environ | {"HUB_DATABASE_URL": conninfo(), "DJANGO_SETTINGS_MODULE": "etoile.hub.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, **asked):
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        self._started.append(int(self._process.stdout.readline()))
        return self._started[-1]

    def kill_all(self):
        for pid in self._started:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)
        wait(lambda: not any(alive(pid) for pid in self._started))
        self._started = []

    def end(self):
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def nursery(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        running = Nursery()
    yield running
    running.end()


class Town:
    """A hub with one subscription, whose workers are real processes and whose receiver writes down what it got."""

    def __init__(self, nursery, chosen, sink):
        self._nursery = nursery
        self._address = asdict(chosen.address) if chosen else None
        self.sink = sink
        self.published = 0

    def worker(self, **values):
        return self._nursery.start(sink=str(self.sink), address=self._address, **values)

    def publish(self, number, subjects):
        """Accept that many events, in turn for that many cases, committed a hundred at a time."""
        sample = example(SUBMITTED)
        for start in range(0, number, 100):
            numbers = range(self.published + start, self.published + min(number, start + 100))
            events = [type_of(sample, f"case/{each % subjects}", each, "gru") for each in numbers]
            with transaction.atomic(), connection.cursor() as cursor:
                snapshot = directory.current(cursor)
                accept_many(cursor, events, application=snapshot.application("gru"), snapshot=snapshot)
        self.published += number

    def publish_until(self, condition, subjects=SUBJECTS):
        """Never leave the workers without work until it happens, however late some of them start."""

        def happened():
            if condition():
                return True
            if self.states()["pending"] < subjects:
                self.publish(100, subjects)
            return False

        wait(happened)

    def workers(self):
        """The processes that delivered something."""
        return {process for *_, process in self.heard()}

    def heard(self):
        """(key, subject, sequence, process) in the order of arrival."""
        lines = self.sink.read_text().splitlines() if self.sink.exists() else []
        return [tuple(json.loads(line)) for line in lines]

    def states(self):
        return Counter(Delivery.objects.values_list("state", flat=True))

    def forgotten(self):
        """How many are first of their lane and not due: at any moment, there must be none."""
        with transaction.atomic(), connection.cursor() as cursor:
            found = engine.reconcile(cursor)
            transaction.set_rollback(True)
        return found

    def all_acknowledged(self):
        return self.states() == {"acknowledged": self.published}

    def assert_kept_its_promise(self, *, most_twice=0):
        """Everything arrived, in order within each case; what came twice came under the same key."""
        heard = self.heard()
        keys, orders = {}, defaultdict(list)
        for key, subject, sequence, _ in heard:
            assert keys.setdefault(sequence, key) == key
            if sequence not in orders[subject]:
                orders[subject].append(sequence)
        assert set(keys) == set(range(self.published))
        assert all(order == sorted(order) for order in orders.values())
        assert len(set(keys.values())) == self.published
        assert len(heard) - self.published <= most_twice


def in_the_middle(town):
    """A worker at work, with more to do than it has done."""
    town.publish(EVENTS, SUBJECTS)
    worker = town.worker(pause=0.01)
    wait(lambda: len(town.heard()) > SOME)
    return worker


def assert_all_of_it_arrives(town):
    """By itself: no delivery misses its turn, to be found later by the reconciliation of the worker."""

    def arrived():
        assert town.forgotten() == 0
        return town.all_acknowledged()

    wait(arrived)
    town.assert_kept_its_promise()


@pytest.fixture(params=["postgres", "nats"])
def chosen(request):
    """The engine of this test; None is the default one."""
    return nats_engine(request.getfixturevalue("nats_server")) if request.param == "nats" else None


@pytest.fixture
def town(star, chosen, nursery, tmp_path):  # noqa: F811
    Subscription.objects.exclude(slug="works-submitted").delete()
    # No lease ends while a test runs, unless it asks: on a busy machine, a delivery would come twice.
    policy(lease=60.0, concurrency=4)
    yield Town(nursery, chosen, tmp_path / "heard")
    nursery.kill_all()
