"""The contract speaks the published standards: whoever uses their official packages understands it, and the reverse."""

import json
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.http import (
    HTTPMessage,
    from_binary_event,
    from_structured_event,
    to_binary_event,
    to_structured_event,
)
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from etoile.contract.envelope import BATCH, STRUCTURED, Event, parse_batch
from etoile.contract.schemas import MESSAGE_TYPES, example
from etoile.contract.signature import new_secret, sign, verify


@pytest.mark.parametrize("type", MESSAGE_TYPES)
def test_the_official_package_reads_our_structured_form(type):
    ours = example(type)
    theirs = from_structured_event(HTTPMessage({"content-type": STRUCTURED}, ours.to_json()))
    assert theirs.get_data() == ours.data
    assert {name: str(theirs.get_extension(name)) for name in ("authority",)} == {"authority": ours.authority}
    assert (theirs.get_id(), theirs.get_source(), theirs.get_type()) == (ours.id, ours.source, ours.type)
    assert (theirs.get_subject(), theirs.get_time()) == (ours.subject, ours.time)


@pytest.mark.parametrize("type", MESSAGE_TYPES)
def test_the_official_package_reads_our_binary_form(type):
    ours = example(type)
    theirs = from_binary_event(HTTPMessage(*ours.to_binary()))
    assert theirs.get_data() == ours.data
    assert (theirs.get_id(), theirs.get_subject(), theirs.get_time()) == (ours.id, ours.subject, ours.time)


@pytest.fixture
def theirs():
    ours = example("org.etoile.case.submitted.v1")
    attributes = {name: value for name, value in ours.to_dict().items() if name != "data"}
    return CloudEvent(attributes | {"time": ours.time, "subject": "case/été 100 %"}, ours.data)


def test_we_read_the_structured_form_of_the_official_package(theirs):
    message = to_structured_event(theirs)
    assert message.headers["content-type"] == STRUCTURED
    event = Event.from_json(message.body)
    assert (event.subject, event.data) == ("case/été 100 %", theirs.get_data())


def test_we_read_the_binary_form_of_the_official_package(theirs):
    message = to_binary_event(theirs)
    body = message.body if isinstance(message.body, bytes) else json.dumps(message.body).encode()
    event = Event.from_binary(message.headers, body)
    assert (event.subject, event.sequence, event.data) == ("case/été 100 %", 0, theirs.get_data())


def test_we_read_a_batch_made_of_events_of_the_official_package(theirs):
    body = b"[" + to_structured_event(theirs).body + b"," + to_structured_event(theirs).body + b"]"
    assert BATCH == "application/cloudevents-batch+json"
    assert [event.id for event in parse_batch(body)] == [theirs.get_id()] * 2


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_the_official_package_verifies_our_signature(text):
    secret, body = new_secret(), text.encode()
    headers = sign(secret, id="msg_1", body=body, now=datetime.now(UTC))
    assert Webhook(secret).verify(body, headers, json_parse=False) is None
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, headers, json_parse=False)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_we_verify_the_signature_of_the_official_package(text):
    secret, now = new_secret(), datetime.now(UTC)
    signature = Webhook(secret).sign("msg_1", now, text)
    headers = {"Webhook-Id": "msg_1", "Webhook-Timestamp": str(int(now.timestamp())), "Webhook-Signature": signature}
    assert verify(secret, headers, text.encode()) == "msg_1"
