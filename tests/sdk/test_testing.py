import socket
import threading

import pytest

from etoile.contract import schemas
from etoile.sdk import Door
from etoile.sdk.testing import EventFactory, events, make_context, outbox_of, serve


async def hello(scope, receive, send):
    if scope["type"] != "http":
        raise NotImplementedError
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{scope['path']}?{scope['query_string'].decode()}".encode()})


async def get(address: str) -> bytes:
    async with Door([address.partition("://")[2].partition("/")[0]]) as door:
        return (await door.request("GET", address)).body


async def test_an_application_is_served_on_a_real_socket_and_stopped_cleanly():
    with serve(hello) as address:
        assert await get(address + "/caf%C3%A9?a=%20b") == "/café?a=%20b".encode()
    assert not [each for each in threading.enumerate() if each.name == "simulated-system"]
    host, port = address.removeprefix("http://").split(":")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), timeout=2)


async def test_the_lifespan_of_an_application_is_respected():
    steps = []

    async def application(scope, receive, send):
        if scope["type"] == "http":
            return await hello(scope, receive, send)
        while True:
            message = await receive()
            steps.append(message["type"])
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return None

    with serve(application) as address:
        await get(address)
        steps.append("served")
    assert steps == ["lifespan.startup", "served", "lifespan.shutdown"]


def test_an_application_that_refuses_to_start_is_said():
    async def application(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(RuntimeError, match="did not start") as caught, serve(application):
        pass
    assert "no database" in str(caught.value.__cause__)


async def test_an_application_that_fails_answers_500(caplog):
    async def application(scope, receive, send):
        if scope["type"] == "http":
            raise ValueError("boom")

    with serve(application) as address:
        async with Door([address.partition("://")[2]]) as door:
            assert (await door.request("GET", address)).status == 500


def test_the_factory_makes_valid_events_that_differ():
    factory = EventFactory()
    first, second = factory.make(), factory.make(source="other", data={"answers": {"a": 1}})
    assert first.id != second.id
    assert first.subject != second.subject
    assert first.subject == f"case/{first.data['case']['id']}"
    assert (second.source, second.data["answers"]) == ("other", {"a": 1})
    with pytest.raises(ValueError, match="/data/answers"):
        factory.make(data={"answers": []})


def test_one_event_of_each_type_is_given():
    made = list(events())
    assert [event.type for event in made] == list(schemas.MESSAGE_TYPES)
    assert all(schemas.violations(event) == [] for event in made)


async def test_a_context_keeps_the_messages_a_connector_sends():
    context = make_context({"a": 1}, attempt=3)
    await context.mail.send("a@b.example", "c@d.example", "Objet", "Texte")
    assert [each["Subject"] for each in outbox_of(context)] == ["Objet"]
    assert (context.configuration, context.attempt) == ({"a": 1}, 3)
