"""Documents dropped beside the file: whole, before it, streamed, and once."""

import base64
import hashlib
import tracemalloc

import pytest

from etoile.connectors.file_drop.double import MAPPING
from etoile.sdk import Door
from etoile.sdk.testing import EventFactory, serve

EVENTS = EventFactory()
BLOCK = b"0123456789abcdef" * 4096


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

    def described(self, address, name="Pièce d’identité.PDF", **changes):
        digest = hashlib.sha256()
        for _ in range(self.blocks):
            digest.update(BLOCK)
        return {
            "id": "018f2f6e-0000-7000-8000-000000000001",
            "name": name,
            "media_type": "application/pdf",
            "size": len(BLOCK) * self.blocks,
            "sha256": digest.hexdigest(),
            "url": f"{address}/documents/1",
            **changes,
        }


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
async def bench(bench, hub):
    with serve(hub) as address:
        async with Door([address.partition("://")[2]], folders=[bench.shared.parent]) as door:
            bench.door, bench.address = door, address
            yield bench


DROP = {
    "documents": {"folder": "in/pieces", "column": "Pieces"},
    "format": {"kind": "csv", "columns": ["Reference", "Libelle", "Pieces"]},
}


async def test_documents_stand_in_their_folder_under_names_that_the_file_tells(bench, hub):
    made = EVENTS.make(data={"documents": [hub.described(bench.address), hub.described(bench.address, "../x/y.pdf")]})
    outcome = await bench.deliver(made, drop=DROP)
    names = [f"{outcome.external_id}-01-Piece-d-identite.pdf", f"{outcome.external_id}-02-x-y.pdf"]
    assert bench.files("in/pieces") == names
    assert (bench.shared / "in" / "pieces" / names[0]).read_bytes() == BLOCK
    assert " | ".join(names) in (bench.shared / "in" / f"{outcome.external_id}.csv").read_text()


async def test_the_file_is_not_there_while_a_document_is_missing_and_the_next_attempt_sends_what_is_left(bench, hub):
    whole = hub.described(bench.address)
    made = EVENTS.make(data={"documents": [whole, hub.described(bench.address, size=3)]})
    outcome = await bench.deliver(made, drop=DROP)
    assert (outcome.kind, bench.files(), len(bench.files("in/pieces"))) == ("fix_data", [], 1)
    mended = EVENTS.make(data={"documents": [whole, whole]}, id=made.id)
    asked = hub.asked
    again = await bench.deliver(mended, drop=DROP | {"name": made.data["case"]["reference"]}, attempt=2)
    assert (again.kind, hub.asked - asked, len(bench.files("in/pieces"))) == ("acknowledged", 1, 2)


async def test_a_content_in_the_mapping_is_the_document_and_never_its_address(bench, hub):
    made = EVENTS.make(data={"documents": [hub.described(bench.address)]})
    pieces = {"$documents": ["*"], "give": {"Nom": "=document.name", "Contenu": {"$content": "base64"}}}
    mapping = {**MAPPING, "send": {"Reference": "=event.data.case.reference", "Piece": pieces}}
    outcome = await bench.deliver(made, mapping=mapping, drop={"format": {"kind": "xml", "root": "demande"}})
    written = (bench.shared / "in" / f"{outcome.external_id}.xml").read_text()
    assert f"<Contenu>{base64.b64encode(BLOCK).decode()}</Contenu>" in written
    assert bench.address not in written


async def test_a_document_that_cannot_be_read_now_is_asked_for_again(bench, hub):
    made = EVENTS.make(data={"documents": [hub.described(bench.address)]})
    hub.status = 503
    assert (await bench.deliver(made, drop=DROP)).kind == "retry"
    assert (bench.files(), bench.files("in/pieces")) == ([], [])


async def test_a_document_of_thirty_megabytes_passes_in_flat_memory(bench, hub):
    hub.blocks = 480
    made = EVENTS.make(data={"documents": [hub.described(bench.address)]})
    tracemalloc.start()
    try:
        outcome = await bench.deliver(made, drop=DROP)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    [name] = bench.files("in/pieces")
    assert (outcome.kind, (bench.shared / "in" / "pieces" / name).stat().st_size) == ("acknowledged", 480 * len(BLOCK))
    assert peak < 8 * 2**20
