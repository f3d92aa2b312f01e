"""A request is recorded once, whatever goes wrong on the way."""

import logging
from typing import Any

import pytest

from etoile.connectors.http_json.double import Registry
from etoile.sdk import OutcomeKind
from etoile.sdk.testing import EventFactory

EVENTS = EventFactory()


@pytest.fixture
def event() -> Any:
    return EVENTS.make(data={"documents": []})


async def test_the_number_of_the_application_comes_back_with_its_first_status(bench, registry, event):
    outcome = await bench.deliver(event)
    assert (outcome.kind, outcome.external_id) == (OutcomeKind.ACKNOWLEDGED, "R-1")
    [returned] = outcome.returned
    assert (returned.status, returned.business_code, returned.business_label) == ("received", "NEW", "Nouveau")
    title = event.data["procedure"]["title"]["fr"]
    assert registry.records[0]["body"] == {"reference": event.data["case"]["reference"], "title": title}


async def test_without_a_mapping_the_data_of_the_event_is_sent(bench, registry, event):
    await bench.deliver(event, mapping=None, success={"external_id": "'x'"})
    assert registry.records == []  # this registry wants a title: it said so
    assert registry.requests == ["GET", "POST"]


async def test_written_but_not_answered_is_recorded_once_after_the_retry(bench, registry, event):
    registry.application.set("write_then_fail", count=1)
    first = await bench.deliver(event)
    again = await bench.deliver(event, attempt=2)
    assert (first.kind, again.kind) == (OutcomeKind.RETRY, OutcomeKind.ACKNOWLEDGED)
    assert again.external_id == "R-1"
    assert len(registry.records) == 1
    assert again.returned[0].business_code == "NEW"


async def test_a_record_treated_meanwhile_brings_its_present_status(bench, registry, event):
    registry.application.set("write_then_fail", count=1)
    await bench.deliver(event)
    registry.move("R-1", "DONE", "Fait")
    outcome = await bench.deliver(event, attempt=2)
    assert outcome.returned[0].status == "closed"


async def test_looking_up_may_be_kept_for_retries(bench, registry, settings, event):
    lookup = {**settings["lookup"], "always": False}
    await bench.deliver(event, lookup=lookup)
    assert registry.requests == ["POST"]
    await bench.deliver(event, lookup=lookup, attempt=2)
    assert registry.requests == ["POST", "GET"]


async def test_a_computed_header_stays_on_its_line(bench, registry, settings):
    event = EVENTS.make(data={"documents": [], "answers": {"note": "a\r\nX-Api-Key: other"}})
    request = {"path": "/records", "headers": {"X-Note": "=event.data.answers.note"}}
    assert (await bench.deliver(event, request=request)).kind is OutcomeKind.ACKNOWLEDGED


async def test_the_idempotency_key_is_the_same_at_each_try(bench, registry, settings, event):
    for attempt in (1, 2):
        await bench.deliver(event, attempt=attempt, lookup=None, attachments=None)
    assert registry.keys == [f'"{event.id}"'] * 2


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("down", OutcomeKind.RETRY, "ne répond pas"),
        ("unavailable", OutcomeKind.RETRY, "indisponible"),
        ("error", OutcomeKind.RETRY, "indisponible"),
        ("html", OutcomeKind.RETRY, "réponse inattendue"),
        ("truncated", OutcomeKind.RETRY, "réponse inattendue"),
        ("conflict", OutcomeKind.RETRY, "traite déjà"),
        ("unauthorized", OutcomeKind.FIX_CONFIGURATION, "identifiants"),
        ("forbidden", OutcomeKind.FIX_CONFIGURATION, "accès"),
        ("redirect", OutcomeKind.FIX_CONFIGURATION, "renvoie ailleurs"),
        ("gone", OutcomeKind.FIX_CONFIGURATION, "ne veut plus rien recevoir"),
        ("not_found", OutcomeKind.FIX_CONFIGURATION, "adresse"),
        ("refuse", OutcomeKind.FIX_DATA, "Le champ « lieu » est inconnu"),
    ],
)
async def test_each_failure_is_named_for_what_it_is(bench, registry, event, fault, kind, words):
    registry.application.set(fault)
    outcome = await bench.deliver(event)
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome
    assert registry.records == []


async def test_an_application_that_is_too_slow_is_tried_again(bench, registry, event):
    registry.application.set("slow", seconds=2)
    outcome = await bench.deliver(event, timeout=0.2)
    assert outcome.kind is OutcomeKind.RETRY
    assert "à temps" in outcome.message


async def test_the_deadline_of_the_delivery_is_respected_when_shorter(bench, registry, event):
    registry.application.set("slow", seconds=2)
    outcome = await bench.deliver(event, seconds=0.2)
    assert outcome.kind is OutcomeKind.RETRY


async def test_the_time_asked_by_the_application_is_honoured(bench, registry, event):
    registry.application.set("too_many", retry_after=17)
    outcome = await bench.deliver(event)
    assert (outcome.kind, outcome.retry_after) == (OutcomeKind.RETRY, 17)


async def test_the_table_of_errors_speaks_before_http(bench, event):
    mapping = {"reference": "closed", "title": "t"}
    outcome = await bench.deliver(event, mapping=mapping)
    assert (outcome.kind, outcome.message) == (OutcomeKind.BUSINESS_NO, "Refus : Le service est fermé")


async def test_a_line_of_the_table_may_recognise_what_is_already_there(bench, registry, event):
    rule = {"when": "response.status == 409", "outcome": "acknowledged", "message": "Déjà là.", "external_id": "'R-9'"}
    registry.application.set("conflict", path="/records")
    outcome = await bench.deliver(event, errors=[rule], lookup=None, attachments=None)
    assert (outcome.kind, outcome.external_id) == (OutcomeKind.ACKNOWLEDGED, "R-9")


async def test_a_refusal_is_told_in_the_words_of_the_application_without_addresses(bench, event):
    outcome = await bench.deliver(event, mapping={"reference": "=event.data.case.reference"})
    assert outcome.kind is OutcomeKind.FIX_DATA
    assert "Le titre manque" in outcome.message
    assert "@" not in outcome.message


async def test_a_success_that_says_no_is_not_a_success(bench, event):
    outcome = await bench.deliver(event, errors=[], mapping={"reference": "closed", "title": "t"})
    assert outcome.kind is OutcomeKind.FIX_DATA
    assert "Le service est fermé" in outcome.message


async def test_a_number_that_is_not_where_it_should_be_is_looked_up_by_the_next_try(bench, registry, event):
    wrong = {"external_id": "response.body.moved"}
    assert (await bench.deliver(event, success=wrong)).kind is OutcomeKind.RETRY
    assert (await bench.deliver(event, success=wrong, attempt=2)).external_id == "R-1"
    assert len(registry.records) == 1


async def test_a_setting_that_does_not_fit_the_message_is_for_a_human(bench, event):
    for changes in ({"mapping": {"title": "=event.data.answers.nowhere"}}, {"request": {"path": "/{event.data.no}"}}):
        outcome = await bench.deliver(event, **changes)
        assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
        assert outcome.message.startswith("Réglage à revoir")


async def test_a_missing_secret_is_for_a_human(bench, event):
    outcome = await bench.deliver(event, secrets={})
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert "« api_key »" in outcome.message


async def test_nothing_about_a_person_reaches_the_logs_or_the_technical_detail(bench, registry, event, caplog):
    caplog.set_level(logging.DEBUG)
    for fault in ("refuse", "html", "down", "write_then_fail", "error"):
        registry.application.set(fault, count=1)
        outcome = await bench.deliver(event, attempt=2)
        applicant = event.data["applicant"]
        for value in (applicant["family_name"], applicant["email"], event.data["answers"]["description"]):
            assert value not in outcome.detail + outcome.message + caplog.text
    assert isinstance(registry, Registry)
