"""The client against a real server that behaves as the hub, and as what stands in front of it."""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs

import pytest

from etoile.contract.client import Ack, HubClient, HubRefused, HubUnavailable
from etoile.contract.envelope import Event, parse_batch
from etoile.contract.schemas import example
from etoile.contract.transport import retry_after
from etoile.sdk.testing import serve

JSON = "application/json"
EVENT = example("org.etoile.case.submitted.v1")


@dataclass
class Hub:
    """An ASGI application. `script`: answers (status, headers, body) to give before behaving well."""

    script: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    tokens: int = 0
    lifetime: float = 300
    secret: str = "Basic Z3J1OnMlM0FjcmV0"  # gru : s:cret, form-encoded

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status, extra, answer = self.answer(scope["method"], scope["path"], scope["query_string"], headers, body)
        pairs = [(name.encode(), value.encode()) for name, value in {"content-type": JSON, **extra}.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": answer})

    def answer(self, method, path, query, headers, body):
        if path == "/oauth/token":
            return self.token(headers, body)
        self.requests.append((method, path, headers, body))
        if self.script:
            return self.script.pop(0)
        if headers.get("authorization") != f"Bearer token-{self.tokens}":
            return problem(401, "unauthorized")
        if (method, path) == ("POST", "/v1/events"):
            if "batch" in headers["content-type"]:
                return (
                    202,
                    {},
                    written({"events": [{"id": f"m{n}", "duplicate": False} for n in range(len(parse_batch(body)))]}),
                )
            Event.from_json(body)
            return 202, {}, written({"id": "m1", "duplicate": len(self.requests) > 1, "deliveries": 1})
        if path == "/v1/mailbox":
            limit = int(parse_qs(query.decode())["limit"][0])
            return 200, {}, written({"items": [{"delivery": "d1", "event": EVENT.to_dict()}][:limit]})
        if path == "/v1/mailbox/acks":
            return 200, {}, b""
        if path == "/v1/rehearsals":
            return 200, {}, written({"items": [{"id": each.id, "receivers": []} for each in parse_batch(body)]})
        if path.endswith("/deliveries"):
            return 200, {}, written({"items": [{"state": "acknowledged"}]})
        return 200, {}, written({"id": path.rpartition("/")[2]})

    def token(self, headers, body):
        if headers.get("authorization") != self.secret:
            return 401, {}, written({"error": "invalid_client", "error_description": "Unknown client."})
        assert parse_qs(body.decode()) == {"grant_type": ["client_credentials"]}
        self.tokens += 1
        return 200, {}, written({"access_token": f"token-{self.tokens}", "expires_in": self.lifetime})


def written(value) -> bytes:
    return json.dumps(value).encode()


def problem(status, kind):
    body = {"type": f"urn:etoile:problem:{kind}", "title": kind, "status": status, "detail": "in plain words"}
    return status, {"content-type": "application/problem+json"}, written(body)


class Clock:
    """The time of the client, whose pauses are written down instead of being waited for."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return time.monotonic() + sum(self.pauses)

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("etoile.contract.transport.time", clock)
    return clock


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def client(hub):
    with serve(hub) as address:
        client = HubClient(address + "/", "gru", "s:cret", timeout=5, budget=5)
        yield client
        client.close()


def test_an_event_is_published_and_its_receipt_read(client, hub):
    receipt = client.publish(EVENT)
    assert (receipt.status, receipt.id, receipt.duplicate) == ("accepted", "m1", False)
    _, _, headers, body = hub.requests[0]
    assert headers["content-type"] == "application/cloudevents+json"
    assert Event.from_json(body) == EVENT


def test_a_repeat_is_told_apart(client):
    client.publish(EVENT)
    again = client.publish(EVENT)
    assert (again.status, again.deliveries) == ("duplicate", None)


def test_a_batch_gives_one_receipt_for_each_event(client):
    assert [each.id for each in client.publish_batch([EVENT, EVENT])] == ["m0", "m1"]


def test_the_mailbox_gives_events_and_takes_acknowledgements(client, hub):
    (item,) = client.mailbox(limit=5)
    assert (item.delivery, item.event) == ("d1", EVENT)
    client.acknowledge([Ack("d1", "URB-12"), Ack("d2", outcome="business_no", message="Hors du périmètre.")])
    assert json.loads(hub.requests[-1][3]) == {
        "acks": [
            {"delivery": "d1", "outcome": "acknowledged", "external_id": "URB-12", "message": ""},
            {"delivery": "d2", "outcome": "business_no", "external_id": None, "message": "Hors du périmètre."},
        ]
    }


def test_what_was_published_can_be_followed(client, hub):
    assert client.event("m1") == {"id": "m1"}
    assert client.deliveries_of("m/1") == [{"state": "acknowledged"}]
    assert hub.requests[-1][1] == "/v1/events/m/1/deliveries"


def test_events_are_tried_before_they_are_published(client, hub):
    assert client.rehearse([EVENT, EVENT]) == [[], []]
    hub.script.append((200, {}, written({"items": [{"id": EVENT.id}]})))
    with pytest.raises(HubUnavailable, match="receivers"):
        client.rehearse([EVENT])


def test_a_question_is_answered_and_what_is_not_an_answer_is_not_taken_for_one(client, hub):
    told = {"result": "found", "data": {"valeur": 850}, "provider": "caf", "at": "2026-11-28T08:00:00Z"}
    hub.script = [(200, {}, written({**told, "freshness": "fresh", "code": None, "message": "", "instead": None}))]
    answer = client.lookup("quotient-familial", {"nom": "Dubois"}, purpose="tarif-cantine", procedure="cantine")
    assert (answer.found, answer.data, answer.freshness) == (True, {"valeur": 850}, "fresh")
    assert "850" not in repr(answer)
    method, path, _, body = hub.requests[-1]
    assert (method, path) == ("POST", "/v1/lookups/quotient-familial")
    assert json.loads(body) == {"query": {"nom": "Dubois"}, "purpose": "tarif-cantine", "procedure": "cantine"}
    hub.script = [(200, {}, written({"ok": True}))]
    with pytest.raises(HubUnavailable):
        client.lookup("quotient-familial", {}, purpose="a", procedure="b")


def test_a_question_does_not_wait_beyond_its_own_budget(client, hub, clock):
    hub.script = [(503, {"retry-after": "5"}, b"")] * 9
    with pytest.raises(HubUnavailable):
        client.lookup("adresse", {}, purpose="a", procedure="b", budget=2)
    assert len(hub.requests) == 1


def test_the_token_is_asked_once_for_many_calls_and_threads(client, hub):
    threads = [threading.Thread(target=client.publish, args=(EVENT,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (hub.tokens, len(hub.requests)) == (1, 8)


def test_a_token_is_renewed_before_it_expires(client, hub):
    hub.lifetime = 31
    client.publish(EVENT)
    client._token._clock = lambda: time.monotonic() + 2
    client.publish(EVENT)
    assert hub.tokens == 2


def test_a_token_that_was_revoked_is_renewed_once(client, hub):
    client.publish(EVENT)
    client._token._value = "revoked"
    assert client.publish(EVENT).id == "m1"
    hub.script = [problem(401, "unauthorized")] * 2
    with pytest.raises(HubRefused):
        client.publish(EVENT)


def test_a_refusal_carries_the_problem_and_is_not_tried_again(client, hub):
    hub.script = [problem(409, "conflict")]
    with pytest.raises(HubRefused) as caught:
        client.publish(EVENT)
    assert (caught.value.problem.kind, caught.value.problem.status) == ("conflict", 409)
    assert "in plain words" in str(caught.value)
    assert len(hub.requests) == 1


def test_wrong_credentials_are_a_refusal(hub):
    with serve(hub) as address, pytest.raises(HubRefused) as caught:
        HubClient(address, "gru", "wrong", timeout=5).publish(EVENT)
    assert (caught.value.problem.status, caught.value.problem.detail) == (401, "Unknown client.")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_failure_is_tried_again_with_the_same_event(client, hub, status):
    hub.script = [(status, {}, b"<html>")] * 2
    assert client.publish(EVENT).id == "m1"
    assert len({body for _, _, _, body in hub.requests}) == 1
    assert len(hub.requests) == 3


def test_retry_after_is_honoured_within_the_budget(client, hub, clock):
    hub.script = [(503, {"retry-after": "3"}, b"")]
    client.publish(EVENT)
    assert clock.pauses == [3]


def test_tries_are_spread_and_stop_with_the_budget(client, hub, clock):
    hub.script = [(503, {}, b"")] * 20
    with pytest.raises(HubUnavailable, match="503"):
        client.publish(EVENT)
    assert 3 <= len(hub.requests) <= 6
    assert sum(clock.pauses) < 5
    assert clock.pauses == sorted(clock.pauses) or len(set(clock.pauses)) == len(clock.pauses)


def test_a_longer_retry_after_is_handed_to_the_caller_at_once(client, hub):
    hub.script = [(503, {"retry-after": "600"}, b"")]
    with pytest.raises(HubUnavailable) as caught:
        client.publish(EVENT)
    assert caught.value.retry_after == 600
    assert len(hub.requests) == 1


def test_a_hub_that_is_away_is_unavailable():
    with serve(Hub()) as address:
        gone = address
    client = HubClient(gone, "gru", "s:cret", timeout=1, budget=0.5)
    with pytest.raises(HubUnavailable, match="reached") as caught:
        client.publish(EVENT)
    assert caught.value.retry_after is None


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"content-type": "text/html"}, b"<html>blocked by the firewall</html>"),
        (202, {}, b""),
        (202, {}, b"[]"),
        (202, {}, b'{"status": "ok"}'),
        (202, {}, b'{"id": 3, "duplicate": false}'),
    ],
)
def test_an_answer_that_is_not_the_hubs_is_never_taken_for_a_receipt(client, hub, answer):
    hub.script = [answer]
    with pytest.raises(HubUnavailable, match="not the hub's"):
        client.publish(EVENT)


def test_a_batch_with_too_few_receipts_is_not_taken_for_accepted(client, hub):
    hub.script = [(202, {}, written({"events": [{"id": "m0", "duplicate": False}]}))]
    with pytest.raises(HubUnavailable):
        client.publish_batch([EVENT, EVENT])


@pytest.mark.parametrize("answer", [(404, {}, b"<html>"), (302, {"location": "https://elsewhere.invalid/"}, b"")])
def test_a_page_or_a_redirect_is_a_refusal_and_is_not_followed(client, hub, answer):
    hub.script = [answer]
    with pytest.raises(HubRefused) as caught:
        client.publish(EVENT)
    assert caught.value.problem.status == answer[0]
    assert len(hub.requests) == 1


def test_neither_the_secret_nor_the_data_is_in_an_error(client, hub):
    hub.script = [problem(422, "invalid-data")]
    with pytest.raises(HubRefused) as caught:
        client.publish(EVENT)
    assert "cret" not in str(caught.value)
    assert "Garnier" not in str(caught.value)


def test_retry_after_is_read_as_seconds_or_as_a_date():
    assert retry_after("120") == 120
    assert retry_after(" 5 ") == 5
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert 80 < retry_after(later) <= 90
    assert retry_after(format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)) == 0
    assert retry_after("9" * 30) == 7 * 86_400
    assert [retry_after(each) for each in (None, "", "soon", "-4", "1.5")] == [None] * 5
