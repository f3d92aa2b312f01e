"""Documents travel in the message or beside it, streamed, whole or not at all."""

import base64
import hashlib
import tracemalloc

import pytest
from lxml import etree

from etoile.connectors.soap import posting
from etoile.connectors.soap.double import PIECES, SEND
from etoile.sdk import OutcomeKind
from etoile.sdk.testing import EventFactory, serve

BLOCK = bytes(range(256)) * 256  # 64 KiB
WRITTEN = {
    "mapping": 1,
    "name": "inscription",
    "application": "services-famille",
    "type": "org.etoile.case.submitted.v1",
    "version": 1,
    "send": {**SEND, "piece": PIECES},
}


class Store:
    """Where the documents of an event are: `/3` is a content of three blocks and five bytes."""

    def __init__(self) -> None:
        self.status = 200

    async def __call__(self, scope, receive, send):
        await receive()
        count = int(scope["path"].strip("/"))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        for _ in range(count):
            await send({"type": "http.response.body", "body": BLOCK, "more_body": True})
        await send({"type": "http.response.body", "body": b"five!"})


def event_with(address: str, *counts: int):
    documents = []
    for count in counts:
        digest = hashlib.sha256()
        for _ in range(count):
            digest.update(BLOCK)
        digest.update(b"five!")
        documents.append(
            {
                "id": f"0192a1b2-0000-7000-8000-{count:012d}",
                "name": f"pièce {count}.pdf",
                "media_type": "application/pdf",
                "size": len(BLOCK) * count + 5,
                "sha256": digest.hexdigest(),
                "url": f"{address}/{count}",
            }
        )
    return EventFactory().make(data={"documents": documents})


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def address(store, door):
    with serve(store) as served:
        # One more simulated system, which this door is allowed to reach.
        door._allowed._pairs |= {served.partition("://")[2]}
        yield served


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("mtom", [True, False])
async def test_they_arrive_as_they_were(bench, family, address, version, mtom):
    outcome = await bench.deliver(event_with(address, 0, 3), version=version, documents={"mtom": mtom}, mapping=WRITTEN)
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED, outcome
    assert [each["contenu"] for each in family.records[0]["pieces"]] == [b"five!", BLOCK * 3 + b"five!"]
    assert family.media[-1].startswith("multipart/related" if mtom else ("text/xml", "application/soap+xml"))


async def test_an_expression_may_place_them_too(bench, family, address):
    pieces = "=event.data.documents.map(one, {'nom': one.name, 'type': one.media_type, 'contenu': one})"
    await bench.deliver(event_with(address, 1), mapping={**SEND, "piece": pieces})
    assert family.records[0]["pieces"][0]["contenu"] == BLOCK + b"five!"


@pytest.mark.parametrize("mtom", [True, False])
async def test_memory_stays_flat_whatever_the_size(bench, address, mtom):
    context = bench.context(event_with(address, 256))  # 16 MiB
    marks = posting.Marks()
    request = {"nom": "a", "contenu": context.event.data["documents"][0]}
    placed = etree.Element("piece")
    placed.text = base64.b64encode(marks.placed(request)["contenu"]).decode()
    body = posting.body_of(placed, marks, "1.1", "", mtom=mtom)
    sent = 0
    tracemalloc.start()
    async for block in body.blocks(context):
        sent += len(block)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent == body.size > 16 * 2**20
    assert peak < 4 * 2**20


async def test_a_document_that_is_not_the_announced_one_records_nothing(bench, family, address):
    event = event_with(address, 2)
    event.data["documents"][0]["sha256"] = "0" * 64
    outcome = await bench.deliver(event, mapping=WRITTEN)
    assert (outcome.kind, family.records) == (OutcomeKind.FIX_DATA, [])
    assert "annoncée" in outcome.message


async def test_a_document_that_cannot_be_read_now_is_tried_again(bench, family, store, address):
    store.status = 503
    outcome = await bench.deliver(event_with(address, 1), mapping=WRITTEN)
    assert (outcome.kind, family.records) == (OutcomeKind.RETRY, [])


async def test_too_large_is_said_before_anything_is_sent(bench, family, address):
    limits = {"largest": 100, "total": 1000}
    outcome = await bench.deliver(event_with(address, 1), documents=limits, mapping=WRITTEN)
    assert (outcome.kind, family.records) == (OutcomeKind.FIX_DATA, [])


async def test_a_document_in_the_place_of_a_text_is_a_fault_of_the_mapping(bench, family, address):
    mapping = {**SEND, "demarche": "=event.data.documents[0]"}
    outcome = await bench.deliver(event_with(address, 1), mapping=mapping)
    assert (outcome.kind, "base64Binary" in outcome.message) == (OutcomeKind.FIX_CONFIGURATION, True)
    assert family.records == []
