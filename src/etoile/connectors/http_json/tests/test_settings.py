"""What a person sets is checked before anything leaves, and the connector says what it is."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from etoile.connectors.http_json import CONNECTOR
from etoile.connectors.http_json.configuration import Configuration
from etoile.sdk import Door
from etoile.sdk.recording import replayed
from etoile.sdk.testing import EventFactory, assert_conforms

FOLDER = Path(__file__).parent.parent
FIXTURES = sorted((FOLDER / "fixtures").glob("*.json"))
EVENTS = EventFactory()


def test_the_manifest_tells_the_truth():
    assert_conforms(CONNECTOR)
    assert CONNECTOR.capabilities == {"deliver", "poll", "held", "check"}


def test_every_setting_is_explained_in_the_help_page():
    page = (FOLDER / "README.md").read_text()
    for name in Configuration.model_fields:
        assert f"`{name}`" in page, name
    for part in ("request", "success", "lookup", "attachments", "poll", "held"):
        inner = Configuration.model_fields[part].annotation
        model = inner if hasattr(inner, "model_fields") else inner.__args__[0]
        for name in set(model.model_fields):
            assert f"`{name}`" in page, f"{part}.{name}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "ftp://example.org"},
        {"timeout": 0},
        {"authentication": {"kind": "magic"}},
        {"unknown": 1},
        {"lookup": None},
        {"request": {"path": "@elsewhere.example/records"}},
        {"check": {"path": "version"}},
        {"errors": [{"when": "true", "outcome": "explode", "message": "x"}]},
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_once(settings, wrong):
    with pytest.raises(ValidationError):
        Configuration.model_validate({**settings, **wrong})


async def test_the_check_says_that_all_is_well_and_changes_nothing(bench, registry):
    checks = await bench.connector.check(bench.context())
    assert [(one.name, one.ok) for one in checks] == [
        *(("settings", True), ("return", True), ("reachability", True), ("credentials", True))
    ]
    assert registry.records == []


async def test_the_check_names_the_expression_that_cannot_be_read(bench, settings):
    poll = {**settings["poll"], "position": "item..code"}
    checks = await bench.connector.check(bench.context(poll=poll))
    assert not checks[0].ok
    assert "poll.position" in checks[0].message


@pytest.mark.parametrize(("fault", "name"), [("down", "reachability"), ("unauthorized", "credentials")])
async def test_the_check_tells_an_address_from_an_access(bench, registry, fault, name):
    registry.application.set(fault)
    failed = [one for one in await bench.connector.check(bench.context()) if not one.ok]
    assert [one.name for one in failed] == [name]


async def test_without_a_harmless_request_the_check_asks_nothing(bench, registry):
    checks = await bench.connector.check(bench.context(check=None))
    assert all(one.ok for one in checks)
    assert registry.requests == []


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
async def test_a_recorded_answer_means_what_was_noted_then(bench, fixture):
    recorded = json.loads(fixture.read_text())
    with replayed(recorded) as (address, _):
        async with Door([address.partition("://")[2]]) as door:
            changes = {"base_url": address, "lookup": None, "attachments": None, "http": door, **recorded["settings"]}
            outcome = await bench.deliver(EVENTS.make(data={"documents": []}), **changes)
    expected = recorded["expected"]
    assert {name: getattr(outcome, name) for name in expected} == expected
