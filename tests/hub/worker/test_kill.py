"""A real worker process killed at work: what must not be lost, and what the receiver must bear."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict

import pytest
from django.db import connection, connections

from etoile.contract.envelope import Event
from etoile.hub.delivery.models import Attempt, Delivery
from etoile.hub.registry.models import Subscription
from etoile.hub.worker.database import conninfo
from tests.hub.worker.conftest import policy, publish

EVENTS, SUBJECTS = 500, 40


class Receiver:
    """A small HTTP server in a thread; it remembers (webhook-id, subject, sequence) in the order of arrival."""

    def __init__(self):
        self.heard = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._ready = threading.Event()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *exception):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)

    def _serve(self):
        async def start():
            self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]
            self._ready.set()

        self._loop.run_until_complete(start())
        self._loop.run_forever()
        self._server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    async def _answer(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                event = Event.from_json(await reader.readexactly(int(headers["content-length"])))
                self.heard.append((headers["webhook-id"], event.subject, event.sequence))
                await asyncio.sleep(0.002)
                writer.write(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def process(receiver):
    """Start real workers on the database of the test; none is left."""
    started = []

    def start():
        environment = os.environ | {
            "HUB_DATABASE_URL": conninfo(),
            "HUB_ALLOWED_PRIVATE_ADDRESSES": f"127.0.0.1:{receiver.port}",
            "DJANGO_SETTINGS_MODULE": "etoile.hub.settings",
        }
        started.append(subprocess.Popen([sys.executable, "-m", "etoile.hub.worker"], env=environment))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.wait()


def deliver_to(receiver, **values):
    secret = "whsec_" + "c2VjcmV0" * 6
    subscription = Subscription.objects.get(slug="works-submitted")
    subscription.connector, subscription.secrets = "webhook", {"signing_secret": secret}
    subscription.configuration = {"url": f"http://127.0.0.1:{receiver.port}/"}
    subscription.save()
    Subscription.objects.exclude(slug="works-submitted").delete()
    policy(**values)


def wait(condition, seconds=180):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def fill():
    for number in range(EVENTS):
        publish(f"case/{number % SUBJECTS}", number)


def all_received():
    return not Delivery.objects.exclude(state="acknowledged").exists()


def assert_nothing_lost_nor_out_of_order(heard):
    assert {sequence for _, _, sequence in heard} == set(range(EVENTS))
    first_heard = defaultdict(list)
    ids = {}
    for webhook_id, subject, sequence in heard:
        assert ids.setdefault(sequence, webhook_id) == webhook_id
        if sequence not in first_heard[subject]:
            first_heard[subject].append(sequence)
    assert all(order == sorted(order) for order in first_heard.values())


def test_a_worker_killed_in_the_middle_loses_nothing_and_keeps_the_order(star, receiver, process):
    deliver_to(receiver, lease=2.0, concurrency=16)
    fill()
    first = process()
    wait(lambda: len(receiver.heard) > EVENTS // 3)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert not all_received()
    cut = set(Delivery.objects.filter(state="leased").values_list("id", flat=True))
    process()
    wait(all_received)
    assert_nothing_lost_nor_out_of_order(receiver.heard)
    # What was on its way when it was killed keeps the trace of a try without an end, and nothing else does.
    interrupted = Attempt.objects.filter(finished_at__isnull=True)
    assert sorted(interrupted.values_list("delivery_id", "outcome")) == sorted((each, "interrupted") for each in cut)


def test_a_worker_told_to_stop_leaves_nothing_leased(star, receiver, process):
    deliver_to(receiver, lease=60.0, concurrency=8)
    fill()
    first = process()
    wait(lambda: len(receiver.heard) > 50)
    first.terminate()
    assert first.wait(120) == 0
    assert not Delivery.objects.filter(state="leased").exists()
    assert Delivery.objects.filter(state="acknowledged").count() == len(receiver.heard)
    assert not Attempt.objects.filter(finished_at__isnull=True).exists()
    process()
    wait(all_received)
    assert len(receiver.heard) == EVENTS
    assert_nothing_lost_nor_out_of_order(receiver.heard)


def test_two_workers_share_the_work_and_the_loss_of_the_database_is_survived(star, receiver, process):
    deliver_to(receiver, lease=3.0, concurrency=8)
    workers = [process(), process()]
    fill()
    wait(lambda: len(receiver.heard) > 100)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE 'etoile-hub-worker%'"
        )
        assert cursor.fetchone()[0] >= 2
    wait(all_received)
    assert_nothing_lost_nor_out_of_order(receiver.heard)
    assert all(worker.poll() is None for worker in workers)
    assert Attempt.objects.values("worker").distinct().count() == 2
    connections.close_all()
