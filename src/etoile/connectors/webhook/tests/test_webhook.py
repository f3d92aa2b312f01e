"""An event leaves signed, arrives once, and only the contract says that it arrived."""

import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from etoile.connectors.webhook import CONNECTOR
from etoile.connectors.webhook.connector import Configuration
from etoile.connectors.webhook.double import Receiver
from etoile.contract.signature import new_secret
from etoile.sdk import Context, Door, OutcomeKind
from etoile.sdk.recording import replayed
from etoile.sdk.testing import EventFactory, assert_conforms, make_context, serve

FOLDER = Path(__file__).parent.parent
FIXTURES = sorted((FOLDER / "fixtures").glob("*.json"))
EVENTS = EventFactory()
SECRET = new_secret()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver(SECRET)


@pytest.fixture
def url(receiver: Receiver) -> Iterator[str]:
    with serve(receiver.application) as address:
        yield address


@pytest.fixture
async def door(url: str) -> AsyncIterator[Door]:
    async with Door([url.partition("://")[2]]) as opened:
        yield opened


@pytest.fixture
def event() -> Any:
    return EVENTS.make()


def context(door: Door, event: Any, url: str, secrets: dict[str, str] | None = None, **settings: Any) -> Context:
    configuration = Configuration.model_validate({"url": f"{url}/hook", "timeout": 5, **settings})
    given = {"signing_secret": SECRET} if secrets is None else secrets
    return make_context(configuration, secrets=given, http=door, event=event)


async def test_the_event_arrives_signed_as_it_is_and_its_number_comes_back(door, url, receiver, event):
    outcome = await CONNECTOR.deliver(event, context(door, event, url))
    assert (outcome.kind, outcome.external_id) == (OutcomeKind.ACKNOWLEDGED, "N-1")
    assert receiver.events == [event]
    assert receiver.headers[0]["content-type"].startswith("application/cloudevents+json")


async def test_the_webhook_id_is_the_event_s_at_each_try(door, url, receiver, event):
    receiver.application.set("write_then_fail", count=1)
    first = await CONNECTOR.deliver(event, context(door, event, url))
    again = await CONNECTOR.deliver(event, context(door, event, url))
    assert (first.kind, again.kind, again.external_id) == (OutcomeKind.RETRY, OutcomeKind.ACKNOWLEDGED, "N-1")
    assert receiver.deliveries == [event.id, event.id]
    assert receiver.events == [event]


async def test_an_identifier_with_a_full_stop_still_travels(door, url, receiver, event):
    odd = replace(event, id="urn:vendor.example/1")
    for _ in range(2):
        assert (await CONNECTOR.deliver(odd, context(door, odd, url))).kind.settles
    assert len(set(receiver.deliveries)) == 1
    assert receiver.events[0].id == odd.id


async def test_during_a_change_of_secret_both_receivers_are_served(door, url, receiver, event):
    names = {"signing_secrets": ["new", "old"]}
    for known in ("new", "old"):
        secrets = {"new": new_secret(), "old": new_secret()} | {known: SECRET}
        outcome = await CONNECTOR.deliver(event, context(door, event, url, secrets, **names))
        assert outcome.kind is OutcomeKind.ACKNOWLEDGED


async def test_a_receiver_with_another_secret_is_a_setting_to_mend(door, url, receiver, event):
    outcome = await CONNECTOR.deliver(event, context(door, event, url, {"signing_secret": new_secret()}))
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert receiver.events == []


async def test_a_missing_secret_sends_nothing(door, url, receiver, event):
    outcome = await CONNECTOR.deliver(event, context(door, event, url, {}))
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert "« signing_secret »" in outcome.message
    assert receiver.deliveries == []


async def test_a_secret_that_is_no_secret_is_a_setting_to_mend(door, url, receiver, event):
    outcome = await CONNECTOR.deliver(event, context(door, event, url, {"signing_secret": "azerty"}))
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert receiver.deliveries == []


@pytest.mark.parametrize(
    ("answer", "settings", "kind"),
    [
        ("empty", {}, OutcomeKind.ACKNOWLEDGED),
        ("empty", {"accept": ["json"]}, OutcomeKind.RETRY),
        ("empty", {"external_id_required": True}, OutcomeKind.RETRY),
        ("json", {"accept": ["empty"]}, OutcomeKind.RETRY),
        ("json", {"external_id_required": True}, OutcomeKind.ACKNOWLEDGED),
    ],
)
async def test_what_counts_as_a_success_is_a_setting(door, url, receiver, event, answer, settings, kind):
    receiver.answer = answer
    outcome = await CONNECTOR.deliver(event, context(door, event, url, **settings))
    assert outcome.kind is kind


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("down", OutcomeKind.RETRY, "ne répond pas"),
        ("unavailable", OutcomeKind.RETRY, "indisponible"),
        ("html", OutcomeKind.RETRY, "réponse inattendue"),
        ("truncated", OutcomeKind.RETRY, "réponse inattendue"),
        ("conflict", OutcomeKind.RETRY, "traite déjà"),
        ("gone", OutcomeKind.FIX_CONFIGURATION, "ne veut plus"),
        ("forbidden", OutcomeKind.FIX_CONFIGURATION, "accès"),
        ("redirect", OutcomeKind.FIX_CONFIGURATION, "renvoie ailleurs"),
        ("refuse", OutcomeKind.FIX_DATA, "Le champ « lieu » est inconnu"),
    ],
)
async def test_each_failure_is_named_for_what_it_is(door, url, receiver, event, fault, kind, words):
    receiver.application.set(fault)
    outcome = await CONNECTOR.deliver(event, context(door, event, url))
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome


async def test_a_slow_application_is_tried_again(door, url, receiver, event):
    receiver.application.set("slow", seconds=2)
    outcome = await CONNECTOR.deliver(event, context(door, event, url, timeout=0.2))
    assert outcome.kind is OutcomeKind.RETRY


@pytest.mark.parametrize(("asked", "expected"), [(30, 30.0), (0, 0.0)])
async def test_the_time_asked_is_honoured(door, url, receiver, event, asked, expected):
    receiver.application.set("too_many", retry_after=asked)
    outcome = await CONNECTOR.deliver(event, context(door, event, url))
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.RETRY, expected)


async def test_an_address_of_the_inside_is_refused_unless_allowed(url, event):
    async with Door() as closed:
        outcome = await CONNECTOR.deliver(event, context(closed, event, url))
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION


async def test_the_check_sends_no_event(door, url, receiver):
    checks = await CONNECTOR.check(context(door, None, url))
    assert [(one.name, one.ok) for one in checks] == [("settings", True), ("reachability", True)]
    assert receiver.deliveries == []


async def test_the_check_says_what_is_wrong(door, url, receiver):
    receiver.application.set("down")
    checks = await CONNECTOR.check(context(door, None, url, {}))
    assert [one.ok for one in checks] == [False, False]
    assert "signing_secret" in checks[0].message


async def test_nothing_about_a_person_reaches_the_logs(door, url, receiver, event, caplog):
    caplog.set_level(logging.DEBUG)
    for fault in ("refuse", "html", "down", None):
        receiver.application.set(fault)
        outcome = await CONNECTOR.deliver(event, context(door, event, url))
        for value in (event.data["applicant"]["family_name"], event.data["applicant"]["email"], SECRET):
            assert value not in outcome.detail + outcome.message + caplog.text


def test_the_manifest_and_the_help_page_tell_the_truth():
    assert_conforms(CONNECTOR)
    page = (FOLDER / "README.md").read_text()
    for name in Configuration.model_fields:
        assert f"`{name}`" in page


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
async def test_a_recorded_answer_means_what_was_noted_then(fixture, event):
    recorded = json.loads(fixture.read_text())
    with replayed(recorded) as (address, _):
        async with Door([address.partition("://")[2]]) as door:
            outcome = await CONNECTOR.deliver(event, context(door, event, address))
    assert {name: getattr(outcome, name) for name in recorded["expected"]} == recorded["expected"]
