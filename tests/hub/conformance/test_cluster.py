"""Three NATS servers that keep each offer three times, and the loss of the one that leads."""

import asyncio
from dataclasses import replace

import nats
import pytest

from etoile.runtime.ports import free
from tests.hub.conformance.conftest import EVENTS, SOME, SUBJECTS, assert_all_of_it_arrives, in_the_middle, wait
from tests.hub.engines import nats_engine
from tests.hub.nats_server import NatsServer


@pytest.fixture
def cluster():
    ports = free(3)
    servers = [NatsServer(f"n{number}", port, ports) for number, port in enumerate(ports)]
    for each in servers:
        each.start()
    yield servers
    for each in servers:
        each.remove()


@pytest.fixture
def chosen(cluster):
    made = nats_engine(cluster[0])
    made.address = replace(made.address, urls=tuple(each.url for each in cluster), replicas=3)
    return made


async def leader(address):
    client = await nats.connect(list(address.urls))
    info = await client.jetstream(timeout=20).stream_info(address.stream)
    await client.close()
    assert info.config.num_replicas == 3
    return info.cluster.leader


def test_a_cluster_that_loses_its_leader_and_gets_it_back(town, cluster, chosen):
    in_the_middle(town)
    (lost,) = [each for each in cluster if each.name == asyncio.run(leader(chosen.address))]
    lost.kill()
    town.publish(EVENTS, SUBJECTS)
    wait(lambda: len(town.heard()) > EVENTS + SOME)
    lost.start()
    assert_all_of_it_arrives(town)
