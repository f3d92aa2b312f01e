"""The content of a document in what a mapping makes."""

import base64
import hashlib
import json
from dataclasses import replace

import pytest

from etoile.connectors.http_json import CONNECTOR
from etoile.contract.schemas import example
from etoile.sdk import DocumentError, MappingError
from etoile.sdk.mapping.contents import MAX_BASE64, filled, marks
from etoile.sdk.rehearsal import RehearsalDoor, rehearse
from etoile.sdk.testing import make_context, serve

CONTENT = b"une photo" * 100
TYPE = "org.etoile.case.submitted.v1"
HEADER = {"mapping": 1, "name": "n", "application": "a", "type": TYPE, "version": 1}


def tree(form="base64"):
    give = {"Name": "=document.name", "Content": {"$content": form}}
    return {**HEADER, "send": {"Files": {"$documents": "photo", "give": give}}}


def event_with(address="https://gru.example", **changes):
    event = example(TYPE)
    described = {**event.data["documents"][0], "url": f"{address}/1", "size": len(CONTENT)}
    document = {**described, "sha256": hashlib.sha256(CONTENT).hexdigest(), **changes}
    return event.with_data({**event.data, "documents": [document]})


async def site(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": CONTENT})


async def test_a_content_takes_the_place_of_its_mark_in_base64():
    with serve(site) as address:
        context = make_context(allowed=(address,), event=event_with(address), mapping=tree())
        async with context.http:
            sent = await context.filled(context.render())
    assert sent == {"Files": [{"Name": "nid-de-poule.jpg", "Content": base64.b64encode(CONTENT).decode()}]}
    json.dumps(sent)


async def test_a_content_that_is_not_the_one_announced_is_not_sent():
    with serve(site) as address:
        context = make_context(allowed=(address,), event=event_with(address, sha256="0" * 64), mapping=tree())
        async with context.http:
            with pytest.raises(DocumentError, match="annoncée"):
                await context.filled(context.render())


async def test_a_connector_that_streams_finds_the_document_and_another_asks_for_base64():
    context = make_context(event=event_with(), mapping=tree("stream"))
    async with context.http:
        made = context.render()
        [(place, form, document)] = marks(made)
        assert (place, form, document.name) == ("/Files/0/Content", "stream", "nid-de-poule.jpg")
        with pytest.raises(MappingError, match="base64"):
            await context.filled(made)


async def test_what_is_too_heavy_for_a_body_is_said_before_anything_is_read():
    context = make_context(event=event_with(size=MAX_BASE64 + 1), mapping=tree())
    async with context.http:
        with pytest.raises(DocumentError, match="20 Mo") as caught:
            await context.filled(context.render())
    assert caught.value.retry is False


async def test_a_tree_without_content_is_left_as_it_is():
    made = {"a": [{"$content": "a name of theirs"}]}
    assert await filled(made, None) is made


async def test_a_rehearsal_shows_the_body_with_words_in_the_place_of_contents():
    door = RehearsalDoor({})
    settings = {"base_url": "https://a.example", "request": {"path": "/x"}, "success": {"external_id": "'1'"}}
    configuration = CONNECTOR.Configuration.model_validate(settings)
    event = event_with()
    context = replace(make_context(configuration, event=event, mapping=tree()), http=door)
    assert await rehearse(CONNECTOR, event, context, door) == ""
    assert f"‹contenu en base64, {len(CONTENT)} octets›" in door.sent[-1].body
