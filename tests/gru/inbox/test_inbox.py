"""The inbox: proven, once, in one transaction; what is unknown waits, what is forged leaves no trace."""

import json
import time
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from tests.gru.conftest import SIRET

from etoile.contract.envelope import Event, make
from etoile.contract.signature import new_secret, sign
from etoile.gru.cases import returns
from etoile.gru.inbox import queries, services
from etoile.gru.inbox.models import IncomingEvent

STATUS = "org.etoile.case.status_changed.v1"
STRUCTURED = "application/cloudevents+json"


def status(case: Any, word: str = "in_progress", **more: Any) -> Event:
    named = {"id": str(case.pk), "reference": case.reference} if case is not None else {"reference": "26-ZZZZ-2"}
    data = {"case": named, "status": word, "occurred_at": more.pop("occurred_at", "2026-11-24T12:00:00Z"), **more}
    subject = f"case/{case.pk}" if case is not None else f"case/{uuid.uuid4()}"
    return make(STATUS, source="services-techniques", subject=subject, authority=SIRET, data=data)


def post(body: bytes, *, secret: str = "", headers: dict[str, str] | None = None, kind: str = STRUCTURED) -> Any:
    proof = (
        headers if headers is not None else sign(secret or settings.INBOX_SECRET, id="d1", body=body, now=time.time())
    )
    return Client(enforce_csrf_checks=True).post("/inbox/", body, content_type=kind, headers=proof)


def send(event: Event) -> Any:
    return post(event.to_json())


def test_a_status_is_applied_and_the_case_follows(town):
    case = town.submit()
    answer = send(status(case, external_id="ATAL-1", business_status={"code": "10", "label": "Planifié"}))
    assert (answer.status_code, answer.json()["state"]) == (202, "applied")
    case = town.case(case)
    assert (case.state, case.business_label) == ("in_progress", "Planifié")
    assert IncomingEvent.objects.get().case_id == case.pk


def test_the_same_event_again_is_answered_and_does_nothing(town):
    case = town.submit()
    event = status(case, message="Bonjour")
    send(event)
    answer = send(event)
    assert (answer.status_code, answer.json()["state"]) == (200, "duplicate")
    assert case.messages.count() == 1


def test_the_same_id_with_another_content_is_a_conflict(town):
    case = town.submit()
    event = status(case)
    send(event)
    assert send(event.with_data({**event.data, "status": "refused"})).status_code == 409
    assert town.case(case).state == "in_progress"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook-id": "d1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"},
        {"webhook-id": "d1", "webhook-timestamp": "²", "webhook-signature": "v1,AAAA"},
    ],
)
def test_a_forged_or_unsigned_event_is_refused_and_leaves_nothing(town, headers):
    case = town.submit()
    answer = post(status(case).to_json(), headers=headers)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert not IncomingEvent.objects.exists()


def test_an_event_signed_by_another_secret_or_changed_on_the_way_is_refused(town):
    body = status(town.submit()).to_json()
    assert post(body, secret=new_secret()).status_code == 401
    proof = sign(settings.INBOX_SECRET, id="d1", body=body)
    assert post(body.replace(b"in_progress", b"accepted"), headers=proof).status_code == 401
    old = sign(settings.INBOX_SECRET, id="d1", body=body, now=time.time() - 3600)
    assert post(body, headers=old).status_code == 401


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b"{", STRUCTURED, 422),
        (b"[]", STRUCTURED, 422),
        (b'{"specversion": "1.0"}', STRUCTURED, 422),
        (b"{}", "application/json", 415),
        (b"x" * (1024 * 1024 + 1), STRUCTURED, 413),
    ],
)
def test_what_is_not_an_event_gets_a_typed_answer(db, body, kind, expected):
    answer = post(body, kind=kind)
    assert (answer.status_code, answer["Content-Type"]) == (expected, "application/problem+json")
    assert json.loads(answer.content)["type"].startswith("urn:etoile:problem:")


def test_another_method_is_refused_in_json_too(db):
    answer = Client().get("/inbox/")
    assert (answer.status_code, answer["Allow"], answer["Content-Type"]) == (405, "POST", "application/problem+json")


def test_a_status_out_of_the_vocabulary_is_refused_with_a_pointer(town):
    answer = send(status(town.submit(), "perhaps"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/data/status"
    assert not IncomingEvent.objects.exists()


def test_an_unknown_case_is_quarantined_and_can_be_taken_up_or_set_aside(town):
    answer = send(status(None))
    assert (answer.status_code, answer.json()["state"]) == (202, "quarantined")
    row = queries.quarantined(SIRET).get()
    assert services.retry(row.pk) == "quarantined"
    with pytest.raises(ValueError, match="motive"):
        services.dismiss(row.pk, reason="")
    services.dismiss(row.pk, reason="Dossier d'un ancien logiciel")
    assert not queries.quarantined(SIRET).exists()
    with pytest.raises(services.NotInQuarantine):
        services.retry(row.pk)


def test_a_quarantined_event_is_applied_once_its_case_exists(town, monkeypatch):
    known = uuid.uuid4()
    ghost = type("Ghost", (), {"pk": known, "reference": "26-ZZZZ-2"})
    send(status(ghost))
    row = queries.quarantined(SIRET).get()
    case = town.submit(case_id=known)
    assert services.retry(row.pk) == "applied"
    assert town.case(case).state == "in_progress"


def test_the_case_of_another_authority_is_unknown_here(town):
    case = town.submit()
    event = status(case)
    stranger = make(STATUS, source="x", subject=event.subject, authority="21490998800012", data=event.data)
    assert send(stranger).json()["state"] == "quarantined"
    assert town.case(case).state == "submitted"


def test_a_reference_alone_finds_the_case(town):
    case = town.submit()
    data = {"case": {"reference": case.reference}, "status": "in_progress", "occurred_at": "2026-11-24T12:00:00Z"}
    event = make(STATUS, source="urbanisme", subject="dossier/77", authority=SIRET, data=data)
    assert send(event).json()["state"] == "applied"


def test_an_older_status_is_recorded_with_its_reason(town):
    case = town.submit()
    send(status(case, "payment_due", occurred_at="2026-11-24T12:00:00Z"))
    answer = send(status(case, "in_progress", occurred_at="2026-11-24T11:00:00Z"))
    assert answer.json()["state"] == "recorded"
    assert IncomingEvent.objects.get(state="recorded").why
    assert town.case(case).substate == "payment_due"


def test_a_type_without_effect_here_is_kept_and_ignored(town):
    event = make("org.etoile.town.news.v1", source="x", subject="news/1", authority=SIRET, data={"any": 1})
    assert send(event).json()["state"] == "ignored"
    assert IncomingEvent.objects.count() == 1


def test_a_hand_off_a_message_a_document_and_a_decision_are_followed(town):
    case = town.submit()
    named = {"id": str(case.pk), "reference": case.reference}
    given = {
        "handoff.changed": {
            "case": named,
            "message": {"source": "gru", "id": str(case.correlation), "type": "org.etoile.case.submitted.v1"},
            "application": {"slug": "services-techniques", "name": "Services techniques"},
            "subscription": "signalements",
            "delivery": str(uuid.uuid4()),
            "state": "acknowledged",
            "external_id": "ATAL-1",
            "occurred_at": "2026-11-24T12:00:00Z",
        },
        "case.message_posted": {
            "case": named,
            "message": {
                "id": str(uuid.uuid4()),
                "author": "application",
                "body": "Bonjour",
                "sent_at": "2026-11-24T12:00:00Z",
            },
        },
        "case.document_added": {
            "case": named,
            "document": {
                "id": str(uuid.uuid4()),
                "field": "plan",
                "name": "plan.pdf",
                "media_type": "application/pdf",
                "size": 10,
                "sha256": "0" * 64,
                "url": "https://urbanisme.example/documents/1",
            },
        },
        "case.decided": {"case": named, "decision": "accepted", "decided_at": "2026-11-24T13:00:00Z"},
    }
    for name, data in given.items():
        event = make(
            f"org.etoile.{name}.v1", source="services-techniques", subject=case.subject, authority=SIRET, data=data
        )
        assert send(event).json().get("state") == "applied", (name, send(event).json())
    case = town.case(case)
    assert (case.state, case.messages.count(), case.handoffs.get().external_id) == ("accepted", 1, "ATAL-1")
    assert [row.verb for row in case.history.all()] == [
        "submit",
        "handoff",
        "message_posted",
        "document_offered",
        "accept",
    ]


def test_a_crash_in_the_effect_keeps_neither_the_event_nor_half_of_it(town, monkeypatch):
    case = town.submit()
    monkeypatch.setattr(returns, "_tell", lambda *_a: (_ for _ in ()).throw(DatabaseError("cut")))
    with transaction.atomic():
        answer = send(status(case))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not IncomingEvent.objects.exists()
    assert town.case(case).version == 1


@pytest.mark.parametrize("strange", ["a\\u0000b", "\\ud83d"])
@pytest.mark.parametrize("place", ["message", "subject", "external_id", "id"])
def test_strange_characters_get_a_typed_answer_and_break_nothing(town, strange, place):
    case = town.submit()
    raw = status(case, message="MESSAGE", external_id="EXTERNAL").to_dict()
    if place in {"subject", "id"}:
        raw[place] = "STRANGE"
    else:
        raw["data"][place] = "STRANGE"
    answer = post(json.dumps(raw).replace("STRANGE", strange).encode())
    assert answer.status_code in {202, 422}, answer.content
