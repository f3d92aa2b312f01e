"""Whatever is sent, the answer is typed, and what is refused leaves no trace."""

import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.hub.conftest import stored, submission, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
WITHIN_ONE_TEST = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
CONTENT_TYPES = st.sampled_from(["application/cloudevents+json", "application/cloudevents-batch+json"])


def refused(answer) -> bool:
    return 400 <= answer.status_code < 500 and answer["Content-Type"] == "application/problem+json"


@WITHIN_ONE_TEST
@given(body=st.binary(max_size=200), content_type=CONTENT_TYPES)
@pytest.mark.exigence("ASVS 1.2.4")
def test_no_bytes_break_the_intake(publish, body: bytes, content_type: str) -> None:
    before = stored()
    assert refused(publish(body, token("gru"), content_type))
    assert stored() == before


@WITHIN_ONE_TEST
@given(name=st.sampled_from(["id", "source", "type", "subject", "time", "authority", "data", "sequence"]), value=JSON)
def test_no_value_of_an_attribute_breaks_the_intake(publish, name: str, value) -> None:
    before = stored()
    answer = publish(json.dumps(submission().to_dict() | {name: value}).encode(), token("gru"))
    assert answer.status_code == 202 or (refused(answer) and stored() == before)


@WITHIN_ONE_TEST
@given(data=JSON, place=st.sampled_from(["case", "applicant", "answers", "documents", "procedure"]))
def test_no_data_breaks_the_intake(publish, data, place: str) -> None:
    event = submission().to_dict()
    before = stored()
    answer = publish(json.dumps(event | {"data": event["data"] | {place: data}}).encode(), token("gru"))
    assert answer.status_code == 202 or (refused(answer) and stored() == before)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/events/%00",
        "/v1/events/a%2Fb",
        "/v1/events/%ff",
        "/v1/deliveries?subject=%00",
        "/v1/deliveries?after=x",
        "/v1/deliveries?limit=0",
        "/v1/deliveries?limit=99999999999999999999",
        "/v1/deliveries/%00/attempts",
        "/v1/deliveries/01980f3e-0d6d-7000-8000-000000000018/attempts",
    ],
)
def test_no_address_breaks_the_api(client, path: str) -> None:
    bearer = token("gru", "events:read deliveries:read")
    assert refused(client.get(path, headers={"Authorization": f"Bearer {bearer}"}))


@pytest.mark.parametrize(
    "authorization", ["Bearer", "Bearer ", "Bearer é", "Bearer a b", "Basic Z3J1OmE=", "Bearer " + "a" * 9999]
)
def test_no_authorization_header_breaks_the_api(client, authorization: str) -> None:
    for path in ("/v1/mailbox", "/v1/deliveries"):
        assert client.get(path, headers={"Authorization": authorization}).status_code == 401


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800"])
def test_a_text_that_cannot_be_kept_is_refused(client, publish, text: str) -> None:
    publish(submission(), token("gru"))
    bearer = {"Authorization": f"Bearer {token('voirie', 'mailbox deliveries:write deliveries:read')}"}
    delivery = client.get("/v1/mailbox", headers=bearer).json()["items"][0]["delivery"]
    acks = f'{{"acks": [{{"delivery": "{delivery}", "external_id": "a{text}"}}]}}'
    assert refused(client.post("/v1/mailbox/acks", acks, "application/json", headers=bearer))
    reason = f'{{"reason": "because {text}"}}'
    path = f"/v1/deliveries/{delivery}/cancel"
    assert refused(client.post(path, reason, "application/json", headers=bearer))
    assert client.get("/v1/deliveries", headers=bearer).json()["items"][0]["state"] == "leased"


UUID = "01980f3e-0d6d-7000-8000-000000000018"
IN_ADDRESSES = ["%00", "%ff", "..%2f", "a" * 300, "é", "1", UUID]
# Those that would only slow the tests down: real calls, real hashes of passwords.
SLOW = ("/check", "/dry-run", "/operators/{email}")


def operations(client):
    for path, verbs in client.get("/openapi.json").json()["paths"].items():
        if path.startswith("/v1/hub/") and not path.endswith(SLOW):
            yield from ((path, verb, operation) for verb, operation in verbs.items())


def answered(answer) -> bool:
    return answer.status_code < 400 or refused(answer)


@settings(WITHIN_ONE_TEST, max_examples=8)
@given(
    value=st.sampled_from(IN_ADDRESSES), query=st.sampled_from(["\x00", "\ud7ff", "-1", "9" * 30, "2026-13-99", "x"])
)
def test_no_address_of_operation_breaks_the_api(client, operating, value: str, query: str) -> None:
    bearer = operating()
    for path, verb, operation in operations(client):
        if verb == "get":
            address = path.replace("{id}", UUID)
            for name in ("slug", "client_id", "email", "siret", "day"):
                address = address.replace(f"{{{name}}}", value)
            asked = {each["name"]: query for each in operation.get("parameters", []) if each["in"] == "query"}
            assert answered(client.get(address, asked, headers=bearer)), (verb, path)


@settings(WITHIN_ONE_TEST, max_examples=8)
@given(body=JSON, name=st.sampled_from(["reason", "slug", "filter", "fields", "mapping", "scopes", "ids", "policy"]))
@example(body="000", name="reason")
@example(body=[], name="ids")
def test_no_body_of_operation_breaks_the_api_nor_changes_the_registry(client, operating, body, name: str) -> None:
    bearer = operating()
    before = version()
    for path, verb, _ in operations(client):
        if verb != "get":
            address = path.replace("{id}", UUID).replace("{siret}", "21490777700019")
            for place in ("slug", "client_id", "email"):
                address = address.replace(f"{{{place}}}", "inconnu")
            for sent in (body, {name: body}, {"reason": "Essai", name: body} if name != "reason" else body):
                content = json.dumps(sent)
                answer = getattr(client, verb)(address, content, content_type="application/json", headers=bearer)
                # A reason, whatever its words, and no answer named: those in quarantine are none, and nothing is done.
                unnamed = isinstance(sent, dict) and isinstance(sent.get("reason"), str) and not sent.get("ids")
                nothing = path.endswith("/reprocess") and unnamed and answer.json() == {"applied": 0, "waiting": 0}
                assert refused(answer) or nothing or "/deliveries/" in path, (verb, path, content)
    assert version() == before


def version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM registry_version")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800"])
def test_no_text_that_cannot_be_kept_enters_the_registry(client, operating, text: str) -> None:
    bearer = operating()
    before = version()
    body = f'{{"name": "a{text}", "authorities": ["21490999900017"], "reason": "Essai", "vendor": "{text}"}}'
    answer = client.put("/v1/hub/applications/neuve", body, content_type="application/json", headers=bearer)
    assert refused(answer)
    body = (
        f'{{"application": "voirie", "type": "org.etoile.case.submitted.v1", "connector": "mailbox", "reason": "Essai",\
 "mapping": {{"a": "{text}"}}}}'
    )
    answer = client.put("/v1/hub/subscriptions/neuve", body, content_type="application/json", headers=bearer)
    assert refused(answer)
    assert version() == before
