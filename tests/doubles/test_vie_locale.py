"""The simulated events software fetches its mailbox, gives one number per case, and publishes what becomes of it."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from etoile.contract.client import HubRefused
from etoile.contract.envelope import Event
from etoile.contract.schemas import violations
from etoile.doubles.simulation import documents
from etoile.doubles.simulation.process import Settings
from etoile.doubles.simulation.site import Simulation
from etoile.doubles.simulation.store import Store
from etoile.doubles.vie_locale.application import CLIENT_SECRET, SLUG, Puller, build
from etoile.sdk.faults import Faults
from etoile.sdk.testing import EventFactory

EVENTS = EventFactory()


class Hub:
    """A mailbox and a place to publish, in memory."""

    def __init__(self) -> None:
        self.waiting: dict[str, Event] = {}
        self.acks: list[dict[str, Any]] = []
        self.published: list[Event] = []
        routes = [
            Route("/oauth/token", self.token, methods=["POST"]),
            Route("/v1/mailbox", self.mailbox),
            Route("/v1/mailbox/acks", self.take, methods=["POST"]),
            Route("/v1/events", self.publish, methods=["POST"]),
        ]
        self.application = Faults(Starlette(routes=routes))

    async def token(self, request: Request) -> JSONResponse:
        return JSONResponse({"access_token": "t", "expires_in": 3600})

    async def mailbox(self, request: Request) -> JSONResponse:
        items = [{"delivery": key, "event": event.to_dict()} for key, event in self.waiting.items()]
        return JSONResponse({"items": items})

    async def take(self, request: Request) -> JSONResponse:
        for ack in (await request.json())["acks"]:
            self.acks.append(ack)
            self.waiting.pop(ack["delivery"], None)
        return JSONResponse({})

    async def publish(self, request: Request) -> JSONResponse:
        event = Event.from_json(await request.body())
        self.published.append(event)
        return JSONResponse({"id": event.id, "source": event.source, "duplicate": False}, 202)


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def simulation(serve, settings: Settings, hub: Hub) -> Simulation:
    return build(replace(settings, hub=serve(hub.application)))


def test_a_case_is_fetched_numbered_acknowledged_and_followed(hub, simulation):
    event = EVENTS.make(data={"documents": []})
    hub.waiting = {"d1": event}
    simulation.work()
    [ack] = hub.acks
    [told] = hub.published
    assert ack["external_id"].startswith("EVT-")
    assert (told.source, told.subject, told.data["status"]) == ("vie-locale", event.subject, "received")
    assert told.data["external_id"] == ack["external_id"]


def test_an_acknowledgement_that_is_lost_gives_the_same_number(hub, serve, settings):
    here = replace(settings, hub=serve(hub.application))
    puller = Puller(Store(here.data), here.client(SLUG, CLIENT_SECRET))
    event = EVENTS.make(data={"documents": []})
    hub.waiting = {"d1": event}
    hub.application.set("forbidden", path="/v1/mailbox/acks", count=1)
    with pytest.raises(HubRefused):
        puller.pull()
    hub.waiting = {"d2": event}  # the same event, under another lease
    assert puller.pull() == 1
    assert len(puller.store.find()) == 1
    assert hub.acks[0]["external_id"] == puller.store.find()[0].number


def test_what_changes_of_a_person_is_kept_under_the_identifier_told_and_is_no_case(hub, settings, http, serve):
    here = replace(settings, hub=serve(hub.application))
    simulation = build(here)
    puller = Puller(simulation.store, here.client(SLUG, CLIENT_SECRET))
    changed = {"person": "p_1", "kind": "natural", "occurred_at": "2026-09-03T10:00:00Z"}
    for number, said in enumerate([
        {"attributes": {"email": "lou@example.org", "phone": "0639980123"}},
        {"attributes": {}, "removed": ["phone"]},
        {"attributes": {"family_name": "Martin"}, "merged_into": "p_2"},
    ]):  # fmt: skip
        hub.waiting = {f"d{number}": EVENTS.make("org.etoile.person.updated.v1", data={**changed, **said})}
        puller.pull()
    [known] = http.request("GET", f"{serve(simulation)}/_double/people").json()
    assert known == {
        "person": "p_1",
        "attributes": {"email": "lou@example.org", "family_name": "Martin"},
        "merged_into": "p_2",
    }
    assert simulation.store.find() == [] and [each["external_id"] for each in hub.acks] == [None] * 3
    assert "désormais" in http.request("GET", serve(simulation)).data.decode()


def test_told_to_be_down_it_does_not_pull(hub, simulation):
    hub.waiting = {"d1": EVENTS.make(data={"documents": []})}
    simulation.faults.set("down")
    simulation.work()
    assert hub.acks == []
    simulation.faults.set(None)
    simulation.work()
    assert len(hub.acks) == 1


def test_each_change_of_status_is_published_in_order_once_the_hub_takes_it(hub, simulation, http, serve):
    event = EVENTS.make(data={"documents": []})
    hub.waiting = {"d1": event}
    hub.application.set("forbidden", path="/v1/events", count=1)
    simulation.work()
    [item] = simulation.store.find()
    for code in ("EN_COURS", "CONFIRMEE"):
        answer = http.request("POST", f"{serve(simulation)}/_double/items/{item.number}/status", json={"code": code})
        assert answer.status == 200
    simulation.store.write("UPDATE outgoing SET due = 0")  # the time of the next try
    simulation.work()
    assert [one.data["status"] for one in hub.published] == ["received", "in_progress", "accepted"]
    assert [one.sequence for one in hub.published] == [1, 2, 3]
    assert all(one.subject == event.subject for one in hub.published)
    assert [list(violations(one)) for one in hub.published] == [[], [], []]


def test_what_was_not_told_is_told_after_a_restart(hub, serve, settings, simulation):
    hub.waiting = {"d1": EVENTS.make(data={"documents": []})}
    hub.application.set("forbidden", path="/v1/events", count=1)
    simulation.work()
    simulation.store.write("UPDATE outgoing SET due = 0")
    simulation.store.close()
    after = build(replace(settings, hub=serve(hub.application)))
    after.work()
    after.work()
    assert [one.data["business_status"]["code"] for one in hub.published] == ["ENREGISTREE"]


def test_documents_are_fetched_from_their_signed_address_and_checked(hub, serve, simulation, http):
    content = b"%PDF-1.7 a proof of address"
    address = serve(Starlette(routes=[Route("/documents/1", lambda request: PlainTextResponse(content.decode()))]))
    good = {
        **{"id": "0198aaaa-0000-7000-8000-000000000001", "field": "proof", "name": "justificatif.pdf"},
        **{"media_type": "application/pdf", "url": f"{address}/documents/1?signature=x", "size": len(content)},
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    wrong = {**good, "id": "0198aaaa-0000-7000-8000-000000000002", "sha256": "0" * 64}
    hub.waiting = {"d1": EVENTS.make(data={"documents": [good, wrong]})}
    simulation.work()
    documents.fetch_due(simulation.store, http)
    states = {row["id"][-1]: row["state"] for row in simulation.store.rows("SELECT id, state FROM document")}
    assert states == {"1": "received", "2": "waiting"}
