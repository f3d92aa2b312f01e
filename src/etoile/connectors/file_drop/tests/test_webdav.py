"""What only WebDAV has: lengths, listings in XML, a server that says how long to wait."""

import pytest

from etoile.connectors.file_drop.double import PASSWORD
from etoile.connectors.file_drop.webdav_double import WebDavDouble
from etoile.sdk import Door
from etoile.sdk.testing import EventFactory, serve

EVENTS = EventFactory()


def event():
    return EVENTS.make(data={"documents": []})


@pytest.fixture
def server(shared):
    return WebDavDouble(shared)


@pytest.fixture
async def bench(bench, server):
    with serve(server.application) as address:
        bench.place = server.place(address)
        bench.secrets = {"password": PASSWORD}
        async with Door([address.partition("://")[2]]) as door:
            bench.door = door
            yield bench


async def test_each_file_is_sent_with_its_length(bench, server):
    assert (await bench.deliver(event(), drop={"checksum": True, "marker": ".ok"})).kind == "acknowledged"
    assert server.chunked == 0


async def test_a_server_that_asks_to_wait_is_not_called_before(bench, server):
    server.faults.set("too_many", retry_after=90)
    outcome = await bench.deliver(event())
    assert (outcome.kind, outcome.retry_after) == ("retry", 90)


async def test_an_address_without_identifier_that_wants_one_says_so(bench):
    bench.place = {"kind": "webdav", "url": bench.place["url"]}
    outcome = await bench.deliver(event())
    assert (outcome.kind, "« authentication »" in outcome.message) == ("fix_configuration", True)


async def test_a_listing_that_is_a_trap_is_only_a_strange_answer(bench):
    async def trap(scope, receive, send):
        body = (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a xmlns="DAV:"><response><href>/out/../../x.csv'
        )
        body += b"</href></response><response><href>/out/&x;</href></response></a>"
        await send({"type": "http.response.start", "status": 207, "headers": []})
        await send({"type": "http.response.body", "body": body})

    with serve(trap) as address:
        bench.place["url"] = address
        async with Door([address.partition("://")[2]]) as door:
            polled = await bench.poll_once(http=door, poll={"settle": 3600})
    assert polled.returned == []
