"""The documents of a request follow it, once each, whole or not at all."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from etoile.sdk import Door, OutcomeKind
from etoile.sdk.testing import EventFactory, serve

EVENTS = EventFactory()
CONTENTS = {"1": b"a photo " * 50_000, "2": b"%PDF a plan"}


@pytest.fixture
def store() -> Iterator[str]:
    """Where the documents are: the address of the application that emitted the event."""

    def read(request: Any) -> Response:
        return Response(CONTENTS[request.path_params["id"]])

    with serve(Starlette(routes=[Route("/documents/{id}", read)])) as address:
        yield address


@pytest.fixture
async def both(url: str, store: str):
    async with Door([one.partition("://")[2] for one in (url, store)]) as opened:
        yield opened


def document(store: str, id: str, name: str, **changes: Any) -> dict[str, Any]:
    content = CONTENTS[id]
    described = {"id": f"0198aaaa-0000-7000-8000-00000000000{id}", "field": "photo", "name": name}
    described |= {"media_type": "image/jpeg", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return {**described, "url": f"{store}/documents/{id}", **changes}


def submitted(*documents: dict[str, Any]) -> Any:
    return EVENTS.make(data={"documents": list(documents)})


async def test_each_document_is_sent_whole_with_its_name(bench, registry, both, store):
    event = submitted(document(store, "1", "trou été.jpg"), document(store, "2", "plan.pdf"))
    outcome = await bench.deliver(event, http=both)
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    files = registry.records[0]["files"]
    assert [(one["name"], one["content"]) for one in files] == [
        ("trou été.jpg", CONTENTS["1"]),
        ("plan.pdf", CONTENTS["2"]),
    ]
    assert all(length and int(length) > 10 for length in registry.lengths)
    assert {one["label"] for one in files} == {"trou été.jpg", "plan.pdf"}


async def test_a_document_that_fails_is_sent_again_and_nothing_else_is(bench, registry, both, store):
    event = submitted(document(store, "1", "a.jpg"), document(store, "2", "b.pdf"))
    registry.application.set("unavailable", path="/records/1/files", count=1)
    first = await bench.deliver(event, http=both)
    assert first.kind is OutcomeKind.RETRY
    registry.application.set("write_then_fail", path="/records/1/files", count=1)
    second = await bench.deliver(event, http=both, attempt=2)
    assert (second.kind, second.message[:9]) == (OutcomeKind.RETRY, "L’applica")
    third = await bench.deliver(event, http=both, attempt=3)
    assert third.kind is OutcomeKind.ACKNOWLEDGED
    assert len(registry.records) == 1
    assert [one["name"] for one in registry.records[0]["files"]] == ["a.jpg", "b.pdf"]


async def test_two_documents_of_the_same_name_are_both_sent(bench, registry, both, store):
    event = submitted(document(store, "1", "image.jpg"), document(store, "2", "image.jpg"))
    await bench.deliver(event, http=both)
    await bench.deliver(event, http=both, attempt=2)
    assert [one["name"] for one in registry.records[0]["files"]] == ["image.jpg", "image.jpg"]


async def test_a_document_that_is_not_what_was_announced_is_not_acknowledged(bench, registry, both, store):
    event = submitted(document(store, "2", "faux.pdf", sha256="0" * 64))
    outcome = await bench.deliver(event, http=both)
    assert outcome.kind is OutcomeKind.FIX_DATA
    assert "annoncée" in outcome.message
    assert all(one["name"] != "faux.pdf" for record in registry.records for one in record["files"])


async def test_a_document_refused_is_named_by_its_rank_not_by_its_name(bench, registry, both, store):
    registry.application.set("refuse", path="/records/1/files")
    outcome = await bench.deliver(submitted(document(store, "2", "cni-garnier.pdf")), http=both)
    assert outcome.kind is OutcomeKind.FIX_DATA
    assert outcome.message.startswith("Pièce n° 1 : ")
    assert "garnier" not in outcome.message


async def test_without_the_setting_documents_stay_where_they_are(bench, registry, both, store):
    outcome = await bench.deliver(submitted(document(store, "2", "plan.pdf")), http=both, attachments=None)
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    assert registry.records[0]["files"] == []
