import asyncio

import pytest

from etoile.sdk import Door, DoorError
from etoile.sdk.exchanges import MOST, recorded
from etoile.sdk.serving import serve


async def application(scope, receive, send):
    status = 404 if scope["path"] == "/absent" else 200
    await send({"type": "http.response.start", "status": status, "headers": [(b"x-said", b"yes")]})
    await send({"type": "http.response.body", "body": b"bonjour"})


@pytest.fixture
def served():
    with serve(application) as base:
        yield base


def exchange(served, *steps):
    """Run `steps(door)` one after the other; the calls recorded, and those of outside."""

    async def scenario():
        async with Door([served.partition("://")[2]]) as door:
            await door.request("GET", f"{served}/dehors")
            with recorded() as calls:
                for step in steps:
                    await step(door)
            return calls

    return asyncio.run(scenario())


def test_what_is_sent_and_answered_during_the_recording_is_kept_and_nothing_else(served):
    (call,) = exchange(served, lambda door: door.request("POST", f"{served}/a", headers={"X-A": "1"}, json={"b": 2}))
    assert (call.method, call.url, call.request_headers, call.sent) == ("POST", f"{served}/a", {"X-A": "1"}, {"b": 2})
    assert (call.status, call.response_headers["x-said"], call.body) == (200, "yes", b"bonjour")
    assert call.milliseconds is not None


def test_a_task_of_the_connector_is_recorded_too(served):
    async def both(door):
        await asyncio.gather(*[door.request("GET", f"{served}/{number}") for number in range(2)])

    assert len(exchange(served, both)) == 2


def test_the_first_and_the_last_calls_are_kept(served):
    def request(number):
        return lambda door: door.request("GET", f"{served}/{number}")

    calls = exchange(served, *[request(number) for number in range(7)])
    assert [call.url.rsplit("/")[-1] for call in calls] == ["0", "4", "5", "6"]
    assert len(calls) == MOST


def test_no_answer_says_why_and_a_stream_keeps_its_status_only(served):
    async def refused(door):
        with pytest.raises(DoorError):
            await door.request("GET", "http://127.0.0.1:1/")

    async def absent(door):
        with pytest.raises(DoorError):
            _ = [block async for block in door.stream("GET", f"{served}/absent")]

    nowhere, missing = exchange(served, refused, absent)
    assert (nowhere.status, nowhere.error) == (None, "refused_address")
    assert (missing.status, missing.error, missing.body) == (404, "status", None)
