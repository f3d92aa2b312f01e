import json
import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from etoile.hub.journal.models import Entry
from etoile.hub.urls import PUBLIC_ROUTES
from tests.hub.conftest import STATUS, submission, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def get(client):
    def getter(path: str, bearer: str = "", **headers: str):
        authorization = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return client.get(path, headers=authorization | headers)

    return getter


@pytest.fixture
def post(client):
    def poster(path: str, body, bearer: str, **headers: str):
        return client.post(
            path, json.dumps(body), "application/json", headers={"Authorization": f"Bearer {bearer}"} | headers
        )

    return poster


def test_the_source_reads_its_event_by_either_identifier_with_its_deliveries(get, publish) -> None:
    event = submission()
    id = publish(event, token("gru")).json()["id"]
    reader = token("gru", "events:read")
    by_hub, by_own = get(f"/v1/events/{id}", reader).json(), get(f"/v1/events/{event.id}", reader).json()
    assert by_hub == by_own
    assert by_hub["event"]["data"] == event.data
    assert [(each["subscription"], each["state"]) for each in by_hub["deliveries"]] == [("voirie-demandes", "pending")]
    assert get(f"/v1/events/{event.id}/deliveries", reader).json()["items"] == by_hub["deliveries"]


def test_nobody_reads_the_event_of_another(get, publish) -> None:
    id = publish(submission(), token("gru")).json()["id"]
    assert get(f"/v1/events/{id}", token("voirie", "events:read")).status_code == 404


def test_the_mailbox_lends_and_the_acknowledgement_settles(get, post, publish) -> None:
    publish(submission(), token("gru"))
    bearer = token("voirie", "mailbox")
    (item,) = get("/v1/mailbox", bearer).json()["items"]
    assert get("/v1/mailbox", bearer).json()["items"] == []
    ack = {"acks": [{"delivery": item["delivery"], "external_id": "ST-1"}]}
    assert post("/v1/mailbox/acks", ack, bearer).json()["items"][0]["result"] == "recorded"
    assert post("/v1/mailbox/acks", ack, bearer).json()["items"][0]["result"] == "repeated"
    (delivery,) = get("/v1/deliveries", token("gru", "deliveries:read")).json()["items"]
    assert (delivery["state"], delivery["external_id"]) == ("acknowledged", "ST-1")


def test_the_mailbox_calls_a_person_by_the_alias_of_the_application(get, publish) -> None:
    event = submission()
    publish(event, token("gru"))
    (item,) = get("/v1/mailbox", token("voirie", "mailbox")).json()["items"]
    alias = item["event"]["data"]["applicant"]["person"]
    assert alias.startswith("pa_")
    assert event.data["applicant"]["person"] not in json.dumps(item)


def test_an_acknowledgement_of_what_is_not_yours_records_nothing(get, post, publish) -> None:
    publish(submission(), token("gru"))
    bearer = token("voirie", "mailbox")
    (item,) = get("/v1/mailbox", bearer).json()["items"]
    foreign = "01980f3e-0d6d-7000-8000-000000000018"
    answer = post("/v1/mailbox/acks", {"acks": [{"delivery": item["delivery"]}, {"delivery": foreign}]}, bearer)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/acks/1/delivery")
    (delivery,) = get("/v1/deliveries", token("gru", "deliveries:read")).json()["items"]
    assert delivery["state"] == "leased"


def test_deliveries_come_in_pages_that_follow_one_another(get, publish) -> None:
    bearer, seen, path = token("gru", "deliveries:read events:write"), [], "/v1/deliveries?limit=2&state=pending"
    for _ in range(5):
        publish(submission(), bearer)
    while path:
        answer = get(path, bearer)
        seen += [each["id"] for each in answer.json()["items"]]
        link = re.match(r'<(.+)>; rel="next"', answer.headers.get("Link", ""))
        path = link[1] if link else ""
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_deliveries_are_those_one_speaks_or_listens_by(get, publish) -> None:
    publish(submission(), token("gru"))
    for client_id, number in (("gru", 1), ("voirie", 1)):
        assert len(get("/v1/deliveries", token(client_id, "deliveries:read")).json()["items"]) == number
    reader = token("gru", "deliveries:read")
    assert get("/v1/deliveries?application=famille", reader).json()["items"] == []
    assert get("/v1/deliveries?state=eaten", reader).status_code == 422


def test_a_decision_needs_a_reason_and_is_written_with_it(get, post, publish) -> None:
    publish(submission(), token("gru"))
    bearer = token("gru", "deliveries:write deliveries:read")
    (delivery,) = get("/v1/deliveries", bearer).json()["items"]
    path = f"/v1/deliveries/{delivery['id']}/cancel"
    refusal = post(path, {}, bearer)
    assert (refusal.status_code, refusal.json()["errors"][0]["pointer"]) == (422, "#/reason")
    assert post(path, {"reason": "Saisie deux fois"}, bearer).json()["state"] == "cancelled"
    entry = Entry.objects.get(delivery_id=delivery["id"], kind="delivery.cancelled")
    assert (entry.actor, entry.detail["reason"]) == ("gru", "Saisie deux fois")


def test_the_same_idempotency_key_decides_once(get, post, publish) -> None:
    publish(submission(), token("gru"))
    bearer = token("gru", "deliveries:write deliveries:read")
    (delivery,) = get("/v1/deliveries", bearer).json()["items"]
    path, key = f"/v1/deliveries/{delivery['id']}/cancel", {"Idempotency-Key": '"8e03978e"'}
    first = post(path, {"reason": "Doublon"}, bearer, **key)
    assert post(path, {"reason": "Doublon"}, bearer, **key).json() == first.json()
    assert post(path, {"reason": "Autre chose"}, bearer, **key).status_code == 422
    assert Entry.objects.filter(delivery_id=delivery["id"], kind="delivery.cancelled").count() == 1
    assert post(path, {"reason": "Doublon"}, bearer).status_code == 409


def test_a_cancelled_delivery_can_be_sent_again(get, post, publish) -> None:
    publish(submission(), token("gru"))
    bearer = token("gru", "deliveries:write deliveries:read")
    (delivery,) = get("/v1/deliveries", bearer).json()["items"]
    post(f"/v1/deliveries/{delivery['id']}/cancel", {"reason": "Par erreur"}, bearer)
    assert post(f"/v1/deliveries/{delivery['id']}/replay", {"reason": "Remis"}, bearer).json()["state"] == "pending"
    assert get(f"/v1/deliveries/{delivery['id']}/attempts", bearer).json() == {"items": []}


def test_the_registry_is_shown_without_secrets(get) -> None:
    bearer = token("gru", "registry:read")
    applications = {each["slug"]: each for each in get("/v1/applications", bearer).json()["items"]}
    assert set(applications) == {"gru", "voirie", "famille", "hub"}
    assert applications["voirie"]["receives"] == ["org.etoile.case.submitted.v1"]
    subscriptions = get("/v1/subscriptions", bearer).json()["items"]
    assert {each["slug"]: each["pull"] for each in subscriptions}["gru-statuts"] is True
    assert "secret" not in json.dumps([applications, subscriptions])


def test_a_lookup_nobody_offers_is_said_so(post) -> None:
    asked = {"query": {}, "purpose": "tarif", "procedure": "cantine"}
    answer = post("/v1/lookups/quotient-familial", asked, token("gru", "lookups"))
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:etoile:problem:no-such-lookup")


def test_the_catalogue_is_open_and_complete(get) -> None:
    items = {each["type"]: each for each in get("/v1/catalogue").json()["items"]}
    assert items[STATUS]["title"]["fr"]
    assert items[STATUS]["schema"]["type"] == "object"
    assert items[STATUS]["example"]["type"] == STATUS


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/v1/nothing", 404),
        ("get", "/v1/events", 405),
        ("delete", "/v1/mailbox", 405),
        ("post", "/v1/mailbox/acks", 401),
    ],
)
def test_what_goes_wrong_under_v1_is_a_problem(client, method: str, path: str, status: int) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code == answer.json()["status"] == status
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.exigence("ASVS 16.5.1")
def test_a_failure_says_nothing_of_the_inside(client, monkeypatch) -> None:
    def fail(*_):
        raise RuntimeError("the inside")

    monkeypatch.setattr("etoile.hub.intake.publishing.identify", fail)
    client.raise_request_exception = False
    answer = client.post("/v1/events", b"{}", content_type="application/cloudevents+json")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert b"inside" not in answer.content.replace(b"of the inside", b"")


def routes(patterns, prefix: str = ""):
    for each in patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, path)
        elif isinstance(each, URLPattern):
            yield path


def test_every_route_asks_who_calls_unless_declared_public(client) -> None:
    converters = dict.fromkeys(("uuid:", "uuidstr:"), "01980f3e-0d6d-7000-8000-000000000018")
    open_ones = []
    for route in routes(get_resolver().url_patterns):
        path = re.sub(r"<(\w+:)?\w+>", lambda match: converters.get(match[1] or "", "1"), route)
        answers = [client.get(f"/{path}"), client.post(f"/{path}")]
        told = [each for each in answers if each.status_code != 405]
        asked = all(
            each.status_code in (401, 403) or (each.status_code == 302 and "connexion" in each["Location"])
            for each in told
        )
        if not asked:
            open_ones.append(route)
    assert set(open_ones) <= PUBLIC_ROUTES


def test_the_description_covers_every_operation_and_the_hot_path(get) -> None:
    document = get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    served = {f"/{route}" for route in routes(get_resolver().url_patterns) if route.startswith("v1/")}
    described = {re.sub(r"{(\w+)}", r"<\1>", path) for path in document["paths"]}
    assert {re.sub(r"<\w+:", "<", path) for path in served} - {"/v1/"} == described
    assert document["paths"]["/v1/deliveries"]["get"]["security"] == [{"OAuth2": ["deliveries:read"]}]
    operations = [each["operationId"] for path in document["paths"].values() for each in path.values()]
    assert len(operations) == len(set(operations))
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named <= set(document["components"]["schemas"])
    assert "application/cloudevents-batch+json" in document["paths"]["/v1/events"]["post"]["requestBody"]["content"]


def test_the_documentation_page_uses_nothing_from_elsewhere(get) -> None:
    page = get("/docs")
    assert page.status_code == 200
    assert b"http://" not in page.content
    assert b"https://" not in page.content
    assert b"<style" not in page.content
    assert "unsafe" not in page["Content-Security-Policy"]
