import json
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from etoile.contract import schemas
from etoile.hub.journal.models import Entry, Message
from tests.hub.conftest import OTHER_TOWN, STAR, STATUS, TOWN, stored, submission, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
BATCH = "application/cloudevents-batch+json"


def test_an_event_is_accepted_with_its_delivery_and_its_journal_entry(publish) -> None:
    event = submission()
    answer = publish(event, token("gru"))
    assert answer.status_code == 202
    assert answer.json() | {"id": ""} == {"id": "", "duplicate": False, "deliveries": 1}
    assert answer["Content-Length"] == str(len(answer.content))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Location"] == f"/v1/events/{answer.json()['id']}"
    message = Message.objects.get(pk=answer.json()["id"])
    assert (message.source, message.event_id, message.state) == ("gru", event.id, "routed")
    assert [each.kind for each in Entry.objects.filter(message_id=message.id)] == ["message.accepted"]


def test_one_event_costs_at_most_six_statements_with_its_token(publish) -> None:
    bearer = token("gru")
    publish(submission(), bearer)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert publish(submission(), bearer).status_code == 202
    statements = [each["sql"] for each in captured if not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    assert len(statements) == 3


def test_a_batch_costs_as_many_statements_as_one_event(publish) -> None:
    bearer = token("gru")
    publish(submission(), bearer)
    batch = json.dumps([submission().to_dict() for _ in range(20)]).encode()
    with CaptureQueriesContext(connection) as captured:
        answer = publish(batch, bearer, BATCH)
    assert [each["deliveries"] for each in answer.json()["events"]] == [1] * 20
    assert len([each for each in captured if "SAVEPOINT" not in each["sql"]]) == 3


def test_the_same_event_again_is_a_duplicate_and_does_nothing(publish) -> None:
    event, bearer = submission(), token("gru")
    first = publish(event, bearer).json()
    before = stored()
    again = publish(event, bearer)
    assert again.status_code == 202
    assert again.json() == {"id": first["id"], "duplicate": True, "deliveries": 0}
    assert stored() == before


def test_the_same_key_with_other_content_is_a_conflict(publish) -> None:
    event, bearer = submission(), token("gru")
    publish(event, bearer)
    before = stored()
    answer = publish(submission(id=event.id), bearer)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:etoile:problem:conflict")
    assert stored() == before


def test_the_binary_form_is_the_same_event(client, publish) -> None:
    event, bearer = submission(), token("gru")
    publish(event, bearer)
    headers, body = event.to_binary()
    content_type = headers.pop("content-type")
    answer = client.post(
        "/v1/events", body, content_type=content_type, headers={**headers, "Authorization": f"Bearer {bearer}"}
    )
    assert answer.json()["duplicate"] is True


def test_an_event_nobody_takes_is_kept_and_said_to_be_unrouted(publish) -> None:
    data = schemas.example("org.etoile.case.document_added.v1").data
    data = {**data, "document": {**data["document"], "url": "https://gru.test/documents/1"}}
    answer = publish(submission(type="org.etoile.case.document_added.v1", data=data), token("gru"))
    assert answer.json()["deliveries"] == 0
    message = Message.objects.get(pk=answer.json()["id"])
    assert message.state == "unrouted"
    assert Entry.objects.get(message_id=message.id).kind == "message.unrouted"


def test_an_event_nobody_had_to_receive_is_kept_and_no_one_is_warned(publish, load_star) -> None:
    alone = "org.etoile.case.document_added.v1]"
    load_star(STAR.replace(alone, "{type: org.etoile.case.document_added.v1, expected: false}]"))
    data = schemas.example("org.etoile.case.document_added.v1").data
    data = {**data, "document": {**data["document"], "url": "https://gru.test/documents/1"}}
    kept = publish(submission(type="org.etoile.case.document_added.v1", data=data), token("gru")).json()["id"]
    message = Message.objects.get(pk=kept)
    assert (message.state, Entry.objects.get(message_id=message.id).kind) == ("kept", "message.kept")
    # What it says of an expected type still goes where it should.
    routed = publish(submission(), token("gru")).json()["id"]
    assert Message.objects.get(pk=routed).state == "routed"


def test_a_receiver_that_does_not_serve_the_authority_is_left_out(publish) -> None:
    publish(submission(), token("gru"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.slug FROM delivery_delivery d JOIN registry_subscription s ON s.id = d.subscription_id"
        )
        assert cursor.fetchall() == [("voirie-demandes",)]


def a_document_at(url: str):
    data = schemas.example("org.etoile.case.document_added.v1").data
    return submission(
        type="org.etoile.case.document_added.v1", data={**data, "document": {**data["document"], "url": url}}
    )


REFUSALS = {
    "another application's name": (lambda: submission(source="voirie"), 403, "foreign-source"),
    "another authority": (lambda: submission(authority=OTHER_TOWN), 403, "foreign-authority"),
    "an unknown type": (lambda: submission(type="org.etoile.case.eaten.v1"), 422, "unknown-message-type"),
    "a type out of its contract": (
        lambda: submission(type=STATUS, data=schemas.example(STATUS).data),
        403,
        "type-not-in-contract",
    ),
    "data out of the schema": (lambda: submission(data={"case": {"id": "1"}}), 422, "invalid-data"),
    "a document elsewhere": (lambda: a_document_at("https://elsewhere.test/documents/1"), 422, "foreign-document"),
    "a document by a way up": (
        lambda: a_document_at("https://gru.test/documents/%2e%2e/admin"),
        422,
        "foreign-document",
    ),
    "not JSON": (lambda: b"{", 400, "invalid-envelope"),
    "no envelope": (lambda: b"{}", 400, "invalid-envelope"),
    "too large": (lambda: b" " * (2**20 + 1), 413, "too-large"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_typed_and_stores_nothing(publish, name: str) -> None:
    made, status, kind = REFUSALS[name]
    before = stored()
    answer = publish(made(), token("gru"))
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:etoile:problem:{kind}")
    assert answer["Content-Type"] == "application/problem+json"
    assert stored() == before


def test_violations_of_the_schema_say_where(publish) -> None:
    event = submission()
    event.data["applicant"]["kind"] = "robot"
    errors = publish(event, token("gru")).json()["errors"]
    assert [each["pointer"] for each in errors] == ["#/data/applicant/kind"]


def test_without_a_token_one_is_told_how_to_get_it(publish) -> None:
    answer = publish(submission())
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="etoile"'


def test_an_expired_token_says_so(publish) -> None:
    answer = publish(submission(), token("gru", lasts=timedelta(hours=-1)))
    assert answer.status_code == 401
    assert answer.json()["title"] == "The token has expired."
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_a_token_without_the_scope_is_refused(publish) -> None:
    answer = publish(submission(), token("gru", "events:read"))
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:etoile:problem:insufficient-scope")


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "application/cloudevents+json; charset=utf-16"]
)
def test_another_media_type_is_refused(publish, content_type: str) -> None:
    assert publish(submission(), token("gru"), content_type).status_code == 415


def test_a_batch_is_all_or_nothing_with_errors_by_index(publish) -> None:
    events = [submission(), submission(authority=OTHER_TOWN), submission(source="voirie")]
    before = stored()
    answer = publish(json.dumps([each.to_dict() for each in events]).encode(), token("gru"), BATCH)
    assert answer.status_code == 403
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/1/authority", "#/2/source"]
    assert stored() == before


def test_an_event_twice_in_a_batch_is_accepted_once(publish) -> None:
    event = submission().to_dict()
    answer = publish(json.dumps([event, event]).encode(), token("gru"), BATCH)
    first, second = answer.json()["events"]
    assert (first["duplicate"], second["duplicate"], first["id"]) == (False, True, second["id"])


def test_a_conflict_in_a_batch_stores_none_of_it(publish) -> None:
    event, bearer = submission(), token("gru")
    publish(event, bearer)
    before = stored()
    batch = [submission().to_dict(), submission(id=event.id).to_dict()]
    answer = publish(json.dumps(batch).encode(), bearer, BATCH)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "#/1/id")
    assert stored() == before


def test_a_batch_of_more_than_a_hundred_is_refused(publish) -> None:
    batch = json.dumps([submission().to_dict()] * 101).encode()
    assert publish(batch, token("gru"), BATCH).status_code == 413


def test_a_withdrawn_application_is_not_heard(publish, load_star) -> None:
    bearer = token("gru")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_application SET is_active = false WHERE slug = 'gru'")
    assert publish(submission(), bearer).status_code == 401


def test_a_person_called_by_anothers_alias_is_refused(publish) -> None:
    event = schemas.example("org.etoile.person.updated.v1")
    data = {**event.data, "person": "pa_AAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
    answer = publish(
        submission(source="voirie", type=event.type, subject=event.subject, data=data, authority=TOWN), token("voirie")
    )
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:etoile:problem:foreign-person")


def test_when_the_database_fails_one_is_told_to_try_again(publish, monkeypatch) -> None:
    def fail(*_, **__):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("etoile.hub.intake.publishing.accept_many", fail)
    before = stored()
    answer = publish(submission(), token("gru"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer.json()["type"] == "urn:etoile:problem:unavailable"
    assert stored() == before
