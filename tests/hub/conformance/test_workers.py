"""Worker processes on both engines: killed at each step, frozen, several at once, cut from the database."""

import os
import signal
import threading

from django.db import connection, transaction

from etoile.hub.delivery.models import Attempt, Delivery
from etoile.runtime.processes import alive
from tests.hub.conformance.conftest import wait
from tests.hub.worker.conftest import policy

STEPS = ("lent", "sending", "received", "recording", "recorded")
STEPS_WITH_A_BROKER = ("marked", "offered", "leased")
LANES = 4
SHORT = {"lease": 1.0, "concurrency": LANES}


def test_a_worker_killed_at_any_step_loses_nothing_and_repeats_only_what_it_was_cut_in(town, chosen):
    policy(**SHORT)
    steps = STEPS + (STEPS_WITH_A_BROKER if chosen else ())
    for number, step in enumerate(steps):
        town.publish(20, subjects=5)
        dying = town.worker(dies=step, after=1 + number % 3)
        town.publish_until(lambda pid=dying: not alive(pid), subjects=5)
    town.worker()
    wait(town.all_acknowledged)
    # How much a worker has called and not recorded depends on the machine; that each of it left its trace does not.
    town.assert_kept_its_promise(most_twice=Attempt.objects.count() - town.published)


def test_three_workers_empty_a_backlog_in_order_and_once(town):
    policy(lease=60.0, concurrency=32)
    town.publish(3000, subjects=700)
    for _ in range(3):
        town.worker(pause=0)
    town.publish_until(lambda: len(town.workers()) == 3, subjects=700)
    wait(town.all_acknowledged)
    town.assert_kept_its_promise()


def test_a_frozen_worker_that_wakes_after_its_lease_changes_nothing(town):
    policy(**SHORT)
    town.publish(1, subjects=1)
    # Long enough for it to be frozen in the middle of the call, on a busy machine too.
    slow = town.worker(pause=0.9)
    wait(town.heard)
    os.kill(slow, signal.SIGSTOP)
    other = town.worker()
    wait(town.all_acknowledged)
    os.kill(slow, signal.SIGCONT)
    wait(lambda: Attempt.objects.filter(finished_at__isnull=False).count() == 2)
    assert [process for *_, process in town.heard()] == [slow, other]
    assert town.states() == {"acknowledged": 1}
    assert Delivery.objects.get().token == 2
    town.assert_kept_its_promise(most_twice=1)


def test_what_is_accepted_leaves_only_once_it_is_committed(town):
    town.worker()
    town.publish(1, subjects=1)
    wait(town.heard)
    with transaction.atomic():
        town.publish(1, subjects=1)
        # What is committed on another connection meanwhile leaves, and what is not does not.
        thread = threading.Thread(target=publish_aside, args=(town,))
        thread.start()
        thread.join()
        wait(lambda: len(town.heard()) == 2)
    wait(town.all_acknowledged)
    assert [sequence for _, _, sequence, _ in town.heard()] == [0, 2, 1]


def publish_aside(town):
    town.publish(1, subjects=3)
    connection.close()


def test_the_loss_of_every_connection_to_the_database_is_survived(town):
    policy(**SHORT)
    town.worker()
    town.worker()
    town.publish(300, subjects=40)
    wait(lambda: len(town.heard()) > 50)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'etoile-hub-worker%'"
        )
    wait(town.all_acknowledged)
    town.assert_kept_its_promise(most_twice=2 * 3 * LANES)
