"""The packages of the two standards read what leaves the hub, on the wire; what they write and sign, we accept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from etoile.connectors.webhook import CONNECTOR
from etoile.connectors.webhook.connector import Configuration
from etoile.connectors.webhook.double import Receiver
from etoile.contract.signature import new_secret
from etoile.sdk import Door, Outcome, OutcomeKind
from etoile.sdk.testing import EventFactory, events, make_context, serve

OLD, NEW = new_secret(), new_secret()


class TheirReceiver:
    """An application written with the official packages alone: it verifies, then reads. It knows nothing of ours."""

    def __init__(self, secret: str) -> None:
        self.webhook = Webhook(secret)
        self.read: list[CloudEvent] = []
        self.identifiers: list[str] = []
        self.application = Starlette(routes=[Route("/hook", self.receive, methods=["POST"])])

    async def receive(self, request: Request) -> Response:
        body, headers = await request.body(), dict(request.headers)
        try:
            self.webhook.verify(body, headers)
        except WebhookVerificationError:
            return JSONResponse({"detail": "who are you?"}, 401)
        self.read.append(from_structured_event(HTTPMessage(headers, body)))
        self.identifiers.append(headers["webhook-id"])
        return JSONResponse({"external_id": f"T-{len(self.read)}"}, 201)


@pytest.fixture
def theirs() -> TheirReceiver:
    return TheirReceiver(OLD)


@pytest.fixture
def url(theirs: TheirReceiver) -> Iterator[str]:
    with serve(theirs.application) as address:
        yield address


async def deliver(url: str, event: Any, secrets: dict[str, str]) -> Outcome:
    configuration = Configuration(url=f"{url}/hook", signing_secrets=tuple(secrets))
    async with Door([url.partition("://")[2]]) as door:
        return await CONNECTOR.deliver(event, make_context(configuration, secrets=secrets, http=door, event=event))


async def test_each_message_of_the_contract_is_verified_and_read_by_the_official_packages(theirs, url):
    sent = list(events())
    for event in sent:
        outcome = await deliver(url, event, {"signing_secret": OLD})
        assert (outcome.kind, outcome.external_id) == (OutcomeKind.ACKNOWLEDGED, f"T-{len(theirs.read)}")
    for ours, read in zip(sent, theirs.read, strict=True):
        assert read.get_data() == ours.data
        assert (read.get_id(), read.get_source(), read.get_type()) == (ours.id, ours.source, ours.type)
        assert (read.get_subject(), read.get_time()) == (ours.subject, ours.time)
        assert read.get_dataschema() == ours.dataschema
        assert read.get_extension("authority") == ours.authority
    assert theirs.identifiers == [event.id for event in sent]


async def test_accents_and_long_texts_pass_by_the_official_packages(theirs, url):
    event = EventFactory().make(data={"answers": {"note": "L’œuvre d’Égly, 10 € \u2028 \U0001f6b2" * 500}})
    assert (await deliver(url, event, {"signing_secret": OLD})).kind is OutcomeKind.ACKNOWLEDGED
    assert theirs.read[0].get_data() == event.data


async def test_during_a_change_of_secret_the_official_package_finds_the_signature_it_knows(theirs, url):
    """Several signatures in one header: whichever the receiver still knows is enough, wherever it stands."""
    event = EventFactory().make()
    for names in ({"new": NEW, "old": OLD}, {"old": OLD, "new": NEW}):
        assert (await deliver(url, event, names)).kind is OutcomeKind.ACKNOWLEDGED


async def test_the_official_package_refuses_another_secret_and_an_agent_is_told(theirs, url):
    outcome = await deliver(url, EventFactory().make(), {"signing_secret": NEW})
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert theirs.read == []


@pytest.mark.parametrize(("age", "status"), [(0, 201), (240, 201), (900, 401)])
async def test_our_receiver_accepts_what_the_official_packages_write_and_sign(age, status):
    ours = EventFactory().make()
    attributes = {name: value for name, value in ours.to_dict().items() if name != "data"}
    message = to_structured_event(CloudEvent(attributes | {"time": ours.time}, ours.data))
    now = datetime.now(UTC) - timedelta(seconds=age)
    proof = {
        "webhook-id": ours.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(OLD).sign(ours.id, now, message.body.decode()),
    }
    receiver = Receiver(OLD)
    with serve(receiver.application) as address:
        async with Door([address.partition("://")[2]]) as door:
            answer = await door.request(
                "POST", f"{address}/hook", headers={**message.headers, **proof}, data=bytes(message.body)
            )
    assert answer.status == status
    assert [event.data for event in receiver.events] == ([ours.data] if status == 201 else [])
