"""Documents are streamed, each once, and what an agent changed since is left as it is."""

import hashlib
import tracemalloc

import pytest

from etoile.connectors.cmis.double import Ged
from etoile.connectors.cmis.double_objects import Content
from etoile.sdk import Door, OutcomeKind
from etoile.sdk.testing import EventFactory, serve

EVENTS = EventFactory()
BLOCK = b"0123456789abcdef" * 16384


class Hub:
    """Serves a document as the hub does; `blocks` long."""

    def __init__(self, blocks=1):
        self.blocks, self.status, self.asked = blocks, 200, 0

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        self.asked += 1
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        for _ in range(self.blocks):
            await send({"type": "http.response.body", "body": BLOCK, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def described(self, number=1, name="Photo été.jpg", **changes):
        digest = hashlib.sha256()
        for _ in range(self.blocks):
            digest.update(BLOCK)
        return {
            "id": f"018f2f6e-0000-7000-8000-{number:012}",
            "field": "photo",
            "name": name,
            "media_type": "image/jpeg",
            "size": len(BLOCK) * self.blocks,
            "sha256": digest.hexdigest(),
            "url": f"{self.address}/documents/{number}",
            **changes,
        }


@pytest.fixture
async def hub(bench):
    hub = Hub()
    with serve(hub) as address:
        hub.address = address
        async with Door([bench.url.partition("://")[2], address.partition("://")[2]]) as door:
            bench.door = door
            yield hub


async def test_documents_of_one_name_are_filed_each_once_with_their_length(bench, ged, hub):
    event = EVENTS.make(data={"documents": [hub.described(1), hub.described(2)]})
    outcome = await bench.deliver(event, mapping=None)
    assert outcome.message == "Dossier classé dans la GED, avec 2 documents."
    (first, size), (second, _) = bench.documents()
    assert size == len(BLOCK) and first != second
    assert all(node.content.media_type == "image/jpeg" for node in ged.tree.documents())
    assert all(ged.lengths)
    assert (await bench.deliver(event, mapping=None, attempt=2)).kind is OutcomeKind.ACKNOWLEDGED
    assert (len(bench.documents()), hub.asked) == (2, 2)


async def test_a_document_added_later_joins_the_folder_of_its_case(bench, ged, hub):
    event = EVENTS.make(data={"documents": []})
    first = await bench.deliver(event, mapping=None)
    case = {name: event.data["case"][name] for name in ("id", "reference")}
    added = EVENTS.make("org.etoile.case.document_added.v1", data={"case": case, "document": hub.described()})
    outcome = await bench.deliver(added, mapping=None)
    assert outcome.external_id == first.external_id
    assert len(bench.documents()) == 1


async def test_what_an_agent_changed_in_the_repository_is_left_as_it_is(bench, ged, hub):
    event = EVENTS.make(data={"documents": [hub.described()]})
    await bench.deliver(event, mapping=None)
    [node] = ged.tree.documents()
    node.content = Content("image/jpeg", 3, "", b"new")
    await bench.deliver(event, mapping=None, attempt=2)
    assert node.content.kept == b"new"


async def test_a_document_left_empty_by_a_broken_repository_is_filled(bench, ged, hub):
    event = EVENTS.make(data={"documents": [hub.described()]})
    await bench.deliver(event, mapping=None)
    [node] = ged.tree.documents()
    node.content = Content("", 0, "", b"")
    await bench.deliver(event, mapping=None, attempt=2)
    assert (node.content.kept, len(ged.tree.documents())) == (BLOCK, 1)


@pytest.mark.parametrize(("status", "kind"), [(503, OutcomeKind.RETRY), (404, OutcomeKind.FIX_DATA)])
async def test_a_document_that_cannot_be_read_is_told_for_what_it_is(bench, ged, hub, status, kind):
    hub.status = status
    event = EVENTS.make(data={"documents": [hub.described()]})
    assert (await bench.deliver(event, mapping=None)).kind is kind
    assert bench.documents() == []


async def test_a_document_that_is_not_the_one_announced_is_not_filed(bench, ged, hub):
    event = EVENTS.make(data={"documents": [hub.described(sha256="0" * 64)]})
    outcome = await bench.deliver(event, mapping=None)
    assert outcome.kind is OutcomeKind.FIX_DATA
    assert bench.documents() == []


@pytest.mark.parametrize("ged", ["alfresco"], indirect=True)
async def test_a_document_of_a_hundred_megabytes_passes_in_flat_memory(bench, ged: Ged, hub):
    hub.blocks, ged.keep = 400, False
    event = EVENTS.make(data={"documents": [hub.described()]})
    tracemalloc.start()
    try:
        outcome = await bench.deliver(event, mapping=None)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    [node] = ged.tree.documents()
    assert (outcome.kind, node.content.size) == (OutcomeKind.ACKNOWLEDGED, 400 * len(BLOCK))
    assert node.content.sha256 == event.data["documents"][0]["sha256"]
    assert peak < 16 * 2**20
