"""The simulated family services keep what they receive, once, and tell the hub what becomes of it."""

import hashlib
import time
from dataclasses import replace
from typing import Any

import pytest
import urllib3
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from etoile.contract.envelope import Event, make
from etoile.contract.schemas import violations
from etoile.contract.signature import sign
from etoile.doubles.services_famille.application import SIGNING_SECRET, build
from etoile.doubles.simulation import documents
from etoile.doubles.simulation.process import Settings
from etoile.doubles.simulation.site import Simulation

CASE = "case/0198aaaa-0000-7000-8000-000000000001"


def submitted(**data: Any) -> Event:
    case = {"id": CASE.removeprefix("case/"), "reference": "26-K7QM-3", "submitted_at": "2026-11-24T08:00:00Z"}
    content = {"case": case, "documents": [], **data}
    return make("org.etoile.case.submitted.v1", source="gru", subject=CASE, authority="21490999900017", data=content)


def send(http: urllib3.PoolManager, url: str, event: Event, secret: str) -> Any:
    body = event.to_json()
    headers = {"content-type": "application/cloudevents+json", **sign(secret, id=event.id, body=body, now=time.time())}
    return http.request("POST", url + "/evenements", body=body, headers=headers)


@pytest.fixture
def simulation(settings: Settings) -> Simulation:
    return build(settings)


def test_an_event_signed_by_the_hub_gets_a_number_and_the_same_one_again(serve, settings, simulation, http):
    url, event, secret = serve(simulation), submitted(), settings.secret(SIGNING_SECRET)
    first, again = send(http, url, event, secret), send(http, url, event, secret)
    assert first.status == again.status == 201
    assert first.json() == again.json()
    assert first.json()["external_id"].startswith("FAM-")
    [item] = http.request("GET", url + "/_double/state").json()
    assert (item["reference"], item["idempotency_key"], item["times_sent"]) == ("26-K7QM-3", event.id, 2)
    assert abs(item["received_at"] - time.time() * 1000) < 60_000


def test_an_event_signed_by_someone_else_is_refused_and_nothing_is_kept(serve, simulation, http):
    url = serve(simulation)
    answer = send(http, url, submitted(), "whsec_" + "QUJD" * 10)
    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert simulation.store.find() == []


def test_a_body_that_is_not_an_event_is_refused_with_the_reason(serve, settings, simulation, http):
    body = b'{"specversion": "1.0"}'
    headers = sign(settings.secret(SIGNING_SECRET), id="x", body=body, now=time.time())
    answer = http.request("POST", serve(simulation) + "/evenements", body=body, headers=headers)
    assert answer.status == 400
    assert answer.json()["detail"]


def test_documents_are_fetched_from_their_signed_address_and_checked(serve, settings, simulation, http):
    content = b"%PDF-1.7 a proof of address"
    address = serve(Starlette(routes=[Route("/documents/1", lambda request: PlainTextResponse(content.decode()))]))
    document = {"id": "d1", "field": "proof", "name": "justificatif.pdf", "media_type": "application/pdf"}
    good = {
        **document,
        "url": address + "/documents/1?signature=x",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
    wrong = {**good, "id": "d2", "sha256": "0" * 64}
    send(http, serve(simulation), submitted(documents=[good, wrong]), settings.secret(SIGNING_SECRET))
    documents.fetch_due(simulation.store, http)
    [item] = http.request("GET", serve(simulation) + "/_double/state").json()
    states = {one["id"]: (one["state"], one["sha256"]) for one in item["documents"]}
    assert states["d1"] == ("received", good["sha256"])
    assert states["d2"][0] == "waiting"


class RecordingHub:
    """Just enough of a hub to receive events; `failing` requests first get a 503."""

    def __init__(self, failing: int = 0) -> None:
        self.events: list[Event] = []
        self.failing = failing
        routes = [Route("/oauth/token", self.token, methods=["POST"]), Route("/v1/events", self.take, methods=["POST"])]
        self.application = Starlette(routes=routes)

    async def token(self, request: Request) -> JSONResponse:
        return JSONResponse({"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})

    async def take(self, request: Request) -> JSONResponse:
        event = Event.from_json(await request.body())
        if self.failing:
            self.failing -= 1
            return JSONResponse({"type": "about:blank", "title": "no"}, 403)
        self.events.append(event)
        return JSONResponse({"id": event.id, "source": event.source, "duplicate": False}, 202)


def test_each_change_of_status_is_published_in_order_after_the_hub_comes_back(serve, settings, http):
    hub = RecordingHub(failing=1)
    simulation = build(replace(settings, hub=serve(hub.application)))
    url, event = serve(simulation), submitted()
    number = send(http, url, event, settings.secret(SIGNING_SECRET)).json()["external_id"]
    for code in ("INSTRUCTION", "VALIDEE"):
        answer = http.request("POST", f"{url}/_double/items/{number}/status", json={"code": code})
        assert answer.status == 200
    _until(lambda: len(hub.events) == 3, simulation)
    assert [one.data["status"] for one in hub.events] == ["received", "in_progress", "accepted"]
    assert [one.sequence for one in hub.events] == [1, 2, 3]
    assert all(one.subject == CASE and one.correlationid == event.id for one in hub.events)
    assert [list(violations(one)) for one in hub.events] == [[], [], []]
    assert {one.data["external_id"] for one in hub.events} == {number}


def test_what_was_not_told_is_told_after_a_restart(serve, settings, http):
    before = build(settings)
    send(http, serve(before), submitted(), settings.secret(SIGNING_SECRET))
    before.store.close()
    hub = RecordingHub()
    after = build(replace(settings, hub=serve(hub.application)))
    _until(lambda: hub.events, after)
    assert hub.events[0].data["business_status"] == {"code": "A_TRAITER", "label": "À traiter"}
    assert after.work() is None
    assert len(hub.events) == 1


def test_left_to_itself_an_item_goes_to_its_last_step_and_stays_there(serve, settings, http):
    hub = RecordingHub()
    simulation = build(replace(settings, hub=serve(hub.application), auto_seconds=0.0))
    send(http, serve(simulation), submitted(), settings.secret(SIGNING_SECRET))
    _until(lambda: len(hub.events) == 3, simulation)
    simulation.work()
    assert [one.data["status"] for one in hub.events] == ["received", "in_progress", "accepted"]


def test_the_page_says_it_is_simulated_and_escapes_what_it_received(serve, settings, simulation, http):
    url = serve(simulation)
    send(http, url, submitted(applicant={"family_name": "<script>alert(1)</script>"}), settings.secret(SIGNING_SECRET))
    page = http.request("GET", url + "/").data.decode()
    assert "application simulée" in page
    assert 'lang="fr"' in page
    assert "26-K7QM-3" in page
    assert "<script>" not in page


def test_a_button_of_the_page_moves_the_item_on(serve, settings, simulation, http):
    url = serve(simulation)
    number = send(http, url, submitted(), settings.secret(SIGNING_SECRET)).json()["external_id"]
    path = f"{url}/_double/items/{number}/status"
    pressed = http.request("POST", path, fields={"code": "REFUSEE"}, encode_multipart=False, redirect=False)
    assert pressed.status == 303
    assert simulation.store.item(number).code == "REFUSEE"
    assert http.request("POST", path, json={"code": "NOWHERE"}).status == 400
    assert http.request("POST", f"{url}/_double/items/FAM-0/status", json={"code": "REFUSEE"}).status == 404


def _until(condition: Any, simulation: Simulation) -> None:
    for _ in range(200):
        simulation.work()
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it never happened")
