"""An application that cannot be called loses nothing and doubles nothing, by two calls."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from etoile.connectors.mailbox import CONNECTOR
from etoile.connectors.mailbox.connector import Configuration
from etoile.connectors.mailbox.double import KINDS, Application
from etoile.contract.client import HubRefused, HubUnavailable
from etoile.sdk.faults import Faults
from etoile.sdk.testing import EventFactory, assert_conforms, make_context, serve

FOLDER = Path(__file__).parent.parent
EVENTS = EventFactory()


class Hub:
    """The two calls of the hub's mailbox, without its memory on disk."""

    def __init__(self) -> None:
        self.waiting: dict[str, Any] = {}
        self.acks: list[dict[str, Any]] = []
        routes = [
            Route("/oauth/token", self.token, methods=["POST"]),
            Route("/v1/mailbox", self.mailbox),
            Route("/v1/mailbox/acks", self.take, methods=["POST"]),
        ]
        self.application = Faults(Starlette(routes=routes))

    async def token(self, request: Request) -> JSONResponse:
        return JSONResponse({"access_token": "t", "expires_in": 3600})

    async def mailbox(self, request: Request) -> JSONResponse:
        limit = int(request.query_params["limit"])
        items = [{"delivery": key, "event": event.to_dict()} for key, event in list(self.waiting.items())[:limit]]
        return JSONResponse({"items": items})

    async def take(self, request: Request) -> JSONResponse:
        for ack in (await request.json())["acks"]:
            self.acks.append(ack)
            self.waiting.pop(ack["delivery"], None)
        return JSONResponse({"acks": len(self.acks)})


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def application(hub: Hub) -> Iterator[Application]:
    with serve(hub.application) as url:
        made = Application(url, "urbanisme", "secret")
        yield made
        made.client.close()


def test_what_waits_is_fetched_once_and_acknowledged_with_a_number(hub, application):
    events = [EVENTS.make() for _ in range(3)]
    hub.waiting = {f"d{rank}": event for rank, event in enumerate(events)}
    assert application.pull() == 3
    assert application.pull() == 0
    assert [ack["external_id"] for ack in hub.acks] == ["M-1", "M-2", "M-3"]
    assert all(ack["outcome"] == "acknowledged" for ack in hub.acks)


def test_an_acknowledgement_lost_on_the_way_gives_the_same_number_again(hub, application):
    event = EVENTS.make()
    hub.waiting = {"d1": event}
    hub.application.set("unavailable", path="/v1/mailbox/acks")
    with pytest.raises(HubUnavailable):
        application.pull()
    hub.application.set(None)
    application.pull()
    assert hub.acks[-1]["external_id"] == "M-1"
    assert application.numbers == {event.id: "M-1"}


def test_a_refusal_says_why(hub, application):
    event = EVENTS.make()
    hub.waiting, application.refused = {"d1": event}, {event.id: "La parcelle n’existe pas."}
    application.pull()
    assert hub.acks == [
        {"delivery": "d1", "outcome": "fix_data", "external_id": None, "message": "La parcelle n’existe pas."}
    ]


def test_a_hub_that_is_away_costs_nothing(hub, application):
    hub.waiting = {"d1": EVENTS.make()}
    hub.application.set("down")
    with pytest.raises(HubUnavailable):
        application.pull()
    hub.application.set("forbidden", path="/v1")
    with pytest.raises(HubRefused):
        application.pull()
    assert application.numbers == {}


@pytest.mark.parametrize("fault", sorted(KINDS))
def test_whatever_the_application_does_badly_each_delivery_ends_once(hub, application, fault):
    events = {f"d{rank}": EVENTS.make() for rank in range(2)}
    hub.waiting = dict(events)
    application.faults.set(fault, count=1)
    acknowledged = [application.pull(), application.pull()]
    assert acknowledged == ([0, 2] if fault in ("down", "write_then_fail") else [2, 0])
    assert {ack["delivery"] for ack in hub.acks} == events.keys()
    told = {(ack["delivery"], ack["outcome"], ack["external_id"]) for ack in hub.acks}
    assert len(told) == 2
    assert len(application.about.held()) == (0 if fault == "refuse" else 2)


async def test_there_is_nothing_to_call_and_the_check_says_so():
    [check] = await CONNECTOR.check(make_context(Configuration()))
    assert check.ok
    assert "relève elle-même" in check.message


def test_the_connector_pulls_and_delivers_nothing():
    assert CONNECTOR.pull
    assert CONNECTOR.capabilities == {"mailbox", "check"}
    assert_conforms(CONNECTOR)


def test_the_help_page_shows_the_calls_of_the_contract_and_every_setting():
    page = (FOLDER / "README.md").read_text()
    for name in Configuration.model_fields:
        assert f"`{name}`" in page
    recorded = json.loads((FOLDER / "fixtures" / "fetch_and_acknowledge.json").read_text())
    for exchange in recorded["exchanges"]:
        assert exchange["request"].split("?")[0] in page
