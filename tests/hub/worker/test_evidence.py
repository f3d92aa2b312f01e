"""The evidence of real exchanges: a rich event, a signing secret, and an application that says everything back."""

import asyncio
import json

import pytest
from django.db import connection

from etoile.connectors.webhook.connector import Webhook
from etoile.contract.schemas import example
from etoile.hub.delivery.models import Attempt
from etoile.sdk import Outcome
from tests.hub.delivery.conftest import SUBMITTED
from tests.hub.delivery.test_evidence import personal
from tests.hub.worker.conftest import Stub, policy, publish, work
from tests.hub.worker.test_kill import Receiver, deliver_to

SECRET = "whsec_" + "c2VjcmV0" * 6


class Echo(Receiver):
    """Answers 500 with all that it was sent, headers included, then 201 with all of it beside a number."""

    async def _answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = next(
            int(line.split(": ")[1]) for line in head.lower().split("\r\n") if line.startswith("content-length")
        )
        sent = (await reader.readexactly(size)).decode()
        self.heard.append(sent)
        failed = len(self.heard) == 1
        said = {"detail": f"{head} {sent} {SECRET}", "external_id": "DT-1", "record": json.loads(sent)}
        body = json.dumps(said).encode()
        status = "500 Error" if failed else "201 Created"
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        )
        writer.write(body)
        await writer.drain()
        writer.close()


@pytest.fixture
def echo():
    with Echo() as running:
        yield running


def tried_twice():
    """The hand-off told to the source is an attempt too, of another delivery: only a second try has this number."""
    return Attempt.objects.filter(finished_at__isnull=False, number=2).exists()


def test_neither_a_person_nor_a_secret_of_a_real_exchange_is_in_the_table_of_attempts(star, echo, settings):
    settings.HUB_ALLOWED_PRIVATE_ADDRESSES = f"127.0.0.1:{echo.port}".split()
    deliver_to(echo, delays=[0, 0.01, 0.01])
    publish("case/1", 1)
    work({"webhook": Webhook()}, until=tried_twice)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT exchange::text FROM delivery_attempt WHERE delivery_id ="
            " (SELECT delivery_id FROM delivery_attempt WHERE number = 2) ORDER BY number"
        )
        failed, passed = (row[0] for row in cursor.fetchall())
    for value in [*personal(example(SUBMITTED)), SECRET, SECRET.removeprefix("whsec_"), "v1,"]:
        assert len(value) < 4 or value not in failed + passed
    (told,) = json.loads(failed)["calls"]
    assert (told["method"], told["url"], told["status"]) == ("POST", f"http://127.0.0.1:{echo.port}/", 500)
    case, kept = example(SUBMITTED).data["case"], json.loads(told["request"]["body"])["data"]["case"]
    assert (kept["id"], kept["reference"]) == (case["id"], case["reference"])
    assert "POST / HTTP/1.1" in told["response"]["body"]
    (line,) = json.loads(passed)["calls"]
    assert (line["status"], line["request"]["body"]) == (201, "")


def test_a_call_cut_by_the_time_limit_is_in_the_evidence_and_no_call_leaves_none(star, settings):
    async def silent(reader, writer):
        await reader.read()
        writer.close()

    async def call(event, context):
        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        context.http._allowed = type(context.http._allowed)([f"127.0.0.1:{port}"])
        async with server:
            await context.http.request("GET", f"http://127.0.0.1:{port}/etat")
        return Outcome.acknowledged()

    answers = iter([call, None])

    def answer(event, context):
        following = next(answers, None)
        return following(event, context) if following else Outcome.retry("sans appel")

    policy(timeout=0.2, delays=[0, 0.01, 60])
    publish("case/1", 1)
    work({"stub": Stub(answer)}, until=tried_twice)
    second = Attempt.objects.get(number=2)
    first = Attempt.objects.get(delivery_id=second.delivery_id, number=1)
    assert (first.exchange["calls"][0]["status"], second.exchange) == (None, None)
    assert first.exchange["calls"][0]["url"].endswith("/etat")
