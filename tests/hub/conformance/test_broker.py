"""NATS servers that die, lose their disk, forget what they were given, or are not there: nothing is lost by it."""

import asyncio
import os
import signal

import nats
import pytest
from nats.js.api import Header

from etoile.hub.delivery.engine.nats import broker
from etoile.hub.delivery.models import Delivery
from tests.hub.conformance.conftest import EVENTS, SUBJECTS, Town, assert_all_of_it_arrives, in_the_middle, wait
from tests.hub.engines import nats_engine
from tests.hub.nats_server import NatsServer
from tests.hub.worker.test_kill import deliver_to, process, receiver  # noqa: F401 (fixtures)


@pytest.fixture
def server():
    """One that belongs to the test alone."""
    running = NatsServer()
    yield running.start()
    running.remove()


@pytest.fixture
def chosen(server):
    return nats_engine(server)


def waiting(chosen):
    """The offers the broker holds."""
    standing = asyncio.run(broker.look(chosen.address))
    return standing.waiting if standing else 0


async def purge(address):
    client = await nats.connect(list(address.urls))
    await client.jetstream().purge_stream(address.stream)
    await client.close()


def test_a_broker_killed_and_started_again(town, server):
    in_the_middle(town)
    server.kill()
    server.start()
    assert_all_of_it_arrives(town)


def test_a_broker_whose_disk_is_lost(town, server):
    in_the_middle(town)
    server.kill()
    server.wipe()
    town.publish(50, SUBJECTS)
    server.start()
    assert_all_of_it_arrives(town)


def test_what_a_broker_forgot_without_a_word_is_offered_again(town, chosen):
    worker = in_the_middle(town)
    while True:
        os.kill(worker, signal.SIGSTOP)
        if waiting(chosen):
            break
        os.kill(worker, signal.SIGCONT)
    asyncio.run(purge(chosen.address))
    assert waiting(chosen) == 0
    os.kill(worker, signal.SIGCONT)
    assert_all_of_it_arrives(town)


def test_without_a_broker_events_are_accepted_and_wait_for_it(town, server):
    server.kill()
    town.worker()
    town.publish(50, SUBJECTS)
    assert town.states() == {"pending": 50}
    server.start()
    assert_all_of_it_arrives(town)


def test_one_switches_engine_by_restarting_workers_both_ways_and_while_both_run(town, nursery):
    """While both run, those of PostgreSQL take what is due before an offer of it arrives: no share is promised."""
    default = Town(nursery, None, town.sink)
    town.publish(EVENTS, SUBJECTS)
    running = town.worker(pause=0.01)
    town.publish_until(lambda: running in town.workers())
    for successor in (default, town):
        new = successor.worker(pause=0.01)
        town.publish(100, SUBJECTS)
        os.kill(running, signal.SIGTERM)
        town.publish_until(lambda new=new: new in town.workers())
        running = new
    assert_all_of_it_arrives(town)


def test_the_environment_alone_chooses_the_engine(star, chosen, process, receiver, monkeypatch):  # noqa: F811
    monkeypatch.setenv("HUB_ENGINE", "nats")
    monkeypatch.setenv("HUB_NATS_URL", ",".join(chosen.address.urls))
    monkeypatch.setenv("HUB_NATS_INSTANCE", chosen.address.instance)
    deliver_to(receiver)
    town = Town(None, chosen, None)
    process()
    town.publish(20, 4)
    wait(town.all_acknowledged)
    assert {sequence for *_, sequence in receiver.heard} == set(range(20))
    # The stream is there: it is by the broker that they came.
    assert asyncio.run(broker.look(chosen.address)).replicas == 1


def test_an_offer_said_twice_under_one_name_is_one_and_brought_twice_it_is_lent_once(town, chosen):
    town.publish(1, 1)
    delivery = Delivery.objects.get()

    async def say_it_again():
        client = await nats.connect(list(chosen.address.urls))
        await broker.ensure_stream(client, chosen.address)
        subject, js = chosen.address.subject(delivery.subscription_id), client.jetstream()
        for name in ("a", "a", "b", "c"):
            await js.publish(subject, str(delivery.pk).encode(), headers={Header.MSG_ID: name})
        await client.close()

    asyncio.run(say_it_again())
    assert waiting(chosen) == 3
    town.worker()
    wait(lambda: town.all_acknowledged() and waiting(chosen) == 0)
    assert len(town.heard()) == 1
