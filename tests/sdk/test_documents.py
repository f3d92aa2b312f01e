import hashlib
import time
from dataclasses import replace

import pytest

from etoile.contract.schemas import example
from etoile.sdk import Document, DocumentError, MappingError, documents_of
from etoile.sdk.testing import EventFactory, make_context, serve

CONTENT = b"une photo" * 10_000


def site(content=CONTENT, status=200):
    async def application(scope, receive, send):
        if scope["type"] != "http":
            return
        assert scope["query_string"] == b"expires=1&signature=ab"
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": content})

    return application


def document(address: str) -> Document:
    return Document(
        id="01980f3e-1a2b-7d3c-9e4f-5a6b7c8d9e0f",
        name="photo.jpg",
        media_type="image/jpeg",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        url=f"{address}/documents/1?expires=1&signature=ab",
    )


async def read(address: str, found) -> bytes:
    context = make_context(allowed=(address,))
    async with context.http:
        return b"".join([block async for block in context.open_document(found)])


async def test_a_document_is_streamed_and_checked():
    with serve(site()) as address:
        assert await read(address, document(address)) == CONTENT
        raw = {name: getattr(document(address), name) for name in ("id", "name", "media_type", "size", "sha256", "url")}
        assert await read(address, raw) == CONTENT


@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"size": len(CONTENT) + 1}, {"size": len(CONTENT) - 1}, {"size": 0}]
)
async def test_a_document_that_is_not_the_one_announced_is_refused_at_the_end(change):
    with serve(site()) as address, pytest.raises(DocumentError, match="annoncée") as caught:
        await read(address, replace(document(address), **change))
    assert caught.value.retry is False


@pytest.mark.parametrize(("status", "retry"), [(404, False), (410, False), (403, True), (503, True)])
async def test_a_document_that_cannot_be_opened_says_whether_to_try_again(status, retry):
    with serve(site(b"", status)) as address, pytest.raises(DocumentError) as caught:
        await read(address, document(address))
    assert caught.value.retry is retry
    assert "signature" not in caught.value.message


async def test_a_document_at_an_address_of_the_inside_is_not_read():
    with serve(site()) as address:
        context = make_context()
        async with context.http:
            with pytest.raises(DocumentError):
                [block async for block in context.open_document(document(address))]


def test_the_documents_of_an_event_are_listed():
    assert [each.name for each in documents_of(example("org.etoile.case.submitted.v1"))] == ["nid-de-poule.jpg"]
    assert [each.field for each in documents_of(example("org.etoile.case.document_added.v1"))] == ["photo"]
    assert documents_of(example("org.etoile.case.withdrawn.v1")) == []


def test_a_context_renders_the_mapping_of_its_subscription():
    event = EventFactory().make()
    context = make_context(event=event, mapping={"Ref": "=event.data.case.reference"})
    assert context.render() == {"Ref": event.data["case"]["reference"]}
    assert context.render(["=event.id"]) == [event.id]
    with pytest.raises(MappingError, match="Nom inconnu"):
        make_context().render("=event.id")


def test_a_context_says_how_long_is_left_and_never_shows_its_secrets():
    context = make_context(secrets={"key": "canary-4471"}, seconds=30)
    assert 0 < context.remaining <= 30
    assert make_context(seconds=-5).remaining == 0
    assert context.deadline <= time.monotonic() + 30
    assert "canary" not in f"{context} {context!r}"
