"""The simulated technical services speak as ATAL v6 does where that is known, and say where it is not."""

import json
from dataclasses import replace
from typing import Any

import pytest
import urllib3

from etoile.doubles.services_techniques.application import ROUTES, build
from etoile.doubles.simulation.process import Settings
from etoile.doubles.simulation.site import Simulation

KEY = "secret-of-services_techniques_api_key"
WORKS = {"Object": "Signalement : chaussee", "Description": "Un trou", "ExternalReference": "26-K7QM-3"}


@pytest.fixture
def simulation(settings: Settings) -> Simulation:
    return build(settings)


@pytest.fixture
def call(serve, simulation, http: urllib3.PoolManager) -> Any:
    url = serve(simulation)

    def send(method: str, path: str, key: str = KEY, **arguments: Any) -> Any:
        headers = {"X-API-Key": key, **arguments.pop("headers", {})}
        return http.request(method, url + path, headers=headers, **arguments)

    return send


def test_a_works_request_gets_an_identifier_and_a_number(call):
    answer = call("POST", "/api/WorksRequests", json=WORKS, headers={"Idempotency-Key": '"k1"'})
    assert answer.status == 201
    created = answer.json()
    assert created["Number"].startswith("DI-")
    assert created["Status"] == {"Code": "ENR", "Label": "Enregistrée"}
    assert call("GET", f"/api/WorksRequests/{created['Id']}").json()["Number"] == created["Number"]
    [item] = call("GET", "/_double/state").json()
    assert (item["idempotency_key"], item["reference"], item["payload"]) == ("k1", "26-K7QM-3", WORKS)


def test_sent_twice_is_written_twice_as_the_real_one_would(call):
    numbers = {call("POST", "/api/WorksRequests", json=WORKS).json()["Number"] for _ in range(2)}
    assert len(numbers) == 2


@pytest.mark.parametrize("key", ["", "another"])
def test_without_the_key_nothing_is_read_nor_written(call, simulation, key):
    assert call("POST", "/api/WorksRequests", key=key, json=WORKS).status == 401
    assert call("GET", "/api/WorksRequests", key=key).status == 401
    assert simulation.store.find() == []


@pytest.mark.parametrize("body", [b"not json", b'{"Object": "x"}', b"[1]"])
def test_a_body_that_cannot_be_treated_is_refused_in_plain_words(call, simulation, body):
    answer = call("POST", "/api/WorksRequests", body=body)
    assert answer.status == 400
    assert answer.json()["Message"]
    assert simulation.store.find() == []


def test_a_file_is_kept_with_its_digest_once(call):
    identifier = call("POST", "/api/WorksRequests", json=WORKS).json()["Id"]
    path = f"/api/WorksRequests/{identifier}/Attachments"
    for _ in range(2):
        assert call("POST", path, fields={"file": ("trou.jpg", b"photo", "image/jpeg")}).status == 201
    assert [one["FileName"] for one in call("GET", path).json()["value"]] == ["trou.jpg"]
    [item] = call("GET", "/_double/state").json()
    assert item["documents"][0]["size"] == 5
    assert len(item["documents"][0]["sha256"]) == 64
    assert call("POST", path, fields={"note": "no file"}).status == 400
    assert call("POST", "/api/WorksRequests/unknown/Attachments", fields={"file": ("a", b"b")}).status == 404


def test_the_list_is_filtered_by_reference_and_by_date(call, simulation):
    for reference in ("A", "B"):
        call("POST", "/api/WorksRequests", json={**WORKS, "ExternalReference": reference})
    [found] = call("GET", "/api/WorksRequests", fields={"$filter": "ExternalReference eq 'B'"}).json()["value"]
    assert found["ExternalReference"] == "B"
    assert "Responses" not in found
    moved = call("POST", f"/_double/items/{found['Number']}/status", json={"code": "PEC"}).json()
    assert moved["status"] == "PEC"
    after = {"$filter": f"LastModificationDate gt '{found['LastModificationDate']}'", "$expand": "Responses"}
    [changed] = call("GET", "/api/WorksRequests", fields=after).json()["value"]
    assert changed["Status"]["Code"] == "PEC"
    assert changed["Responses"][-1]["Comment"] == "Une équipe est désignée."
    assert call("GET", "/api/WorksRequests", fields={"$filter": "nonsense"}).status == 400


def test_rooms_have_numbers_and_words_of_their_own(call):
    booking = {"RoomCode": "salle-des-fetes", "StartDate": "2027-06-12T14:00:00", "EndDate": "2027-06-12T18:00:00"}
    created = call("POST", "/api/RoomReservations", json={**booking, "ThirdParty": {"Name": "Les Amis"}}).json()
    assert created["Number"].startswith("RES-")
    assert created["Status"]["Label"] == "Option posée"
    assert call("GET", "/api/WorksRequests").json() == {"value": []}
    assert call("GET", "/api/ThirdParties").json() == {"value": [{"Name": "Les Amis"}]}
    assert {room["Code"] for room in call("GET", "/api/Rooms").json()["value"]} >= {"salle-des-fetes"}


def test_every_route_is_marked_confirmed_or_assumed_and_the_page_shows_it(call, simulation):
    marked = {(route.method, route.path.split("?")[0]) for route in ROUTES}
    for route in simulation.routes:
        for method in route.methods - {"HEAD"}:
            if (method, route.path) == ("GET", "/api/RoomReservations/{id}"):
                continue  # the same as for works requests
            assert (method, route.path) in marked
    assert {route.mark for route in ROUTES} == {"confirmed", "assumed"}
    page = call("GET", "/").data.decode()
    assert "application simulée" in page
    assert page.count("supposée") >= 5


def test_what_was_received_survives_a_restart(call, settings, simulation):
    number = call("POST", "/api/WorksRequests", json=WORKS).json()["Number"]
    simulation.store.close()
    assert build(settings).store.item(number).payload == WORKS


def test_written_then_cut_is_found_again_by_its_reference(call, simulation):
    assert call("POST", "/_double/faults", json={"fault": "write_then_fail", "count": 1}).status == 200
    with pytest.raises(urllib3.exceptions.HTTPError):
        call("POST", "/api/WorksRequests", json=WORKS)
    found = call("GET", "/api/WorksRequests", fields={"$filter": "ExternalReference eq '26-K7QM-3'"})
    assert len(found.json()["value"]) == 1


def test_a_fault_may_be_set_from_the_page_and_is_shown_on_it(call, simulation):
    pressed = call("POST", "/_double/faults", fields={"fault": "refuse"}, encode_multipart=False, redirect=False)
    assert pressed.status == 303
    assert "Panne simulée en cours" in call("GET", "/").data.decode()
    refused = call("POST", "/api/WorksRequests", json=WORKS)
    assert (refused.status, refused.headers["content-type"]) == (422, "application/problem+json")
    assert call("GET", "/api/WorksRequests").status == 200
    call("POST", "/_double/faults", fields={"fault": ""}, encode_multipart=False, redirect=False)
    assert call("POST", "/api/WorksRequests", json=WORKS).status == 201


def test_an_unknown_fault_is_refused(call):
    answer = call("POST", "/_double/faults", json={"fault": "earthquake"})
    assert answer.status == 400
    assert "earthquake" in json.loads(answer.data)["detail"]


def test_left_to_itself_a_works_request_is_finished(call, settings, simulation):
    call("POST", "/api/WorksRequests", json=WORKS)
    simulation.store.close()
    after = build(replace(settings, auto_seconds=0.0))
    for _ in range(5):
        after.work()
    assert [item.code for item in after.store.find()] == ["TER"]
