"""A recording keeps how an application speaks, never a secret nor a person, and can be played again."""

import argparse
import asyncio
import json
from dataclasses import asdict

import pytest
import yaml

from etoile.connectors.http_json.double import CLIENT_SECRET, MAPPING, SEND, Registry, settings_of
from etoile.sdk.conformance import command
from etoile.sdk.connector import discover
from etoile.sdk.exchanges import Call
from etoile.sdk.recording import Fixture, kept, replayed
from etoile.sdk.recording.command import Asked, RecordingError, record
from etoile.sdk.testing import EventFactory, make_context, serve

CONNECTOR = discover()["http_json"]
EVENTS = EventFactory()
DOCUMENTLESS = {"documents": []}


def asked(url):
    authentication = {"kind": "oauth2", "token_url": f"{url}/token", "client_id": "town"}
    return Asked(
        configuration={**settings_of(url), "authentication": authentication},
        secrets={"client_secret": CLIENT_SECRET},
        mapping={**MAPPING, "send": {**SEND, "name": "=event.data.applicant.family_name"}},
        allowed=(url.partition("://")[2],),
    )


@pytest.fixture
def registry():
    return Registry()


def test_what_is_recorded_plays_again_and_holds_neither_secret_nor_person(registry, tmp_path):
    event = EVENTS.make(data=DOCUMENTLESS)
    with serve(registry.application) as url:
        subscription = asked(url)
        done = asyncio.run(record(CONNECTOR, subscription, event, tmp_path, deliver=True))
    assert done.failures == []
    assert [path.name for path in done.written] == [f"http_json-{each}.json" for each in ("check", "poll", "deliver")]
    whole = "".join(path.read_text() for path in done.written)
    applicant = event.data["applicant"]
    for hidden in (CLIENT_SECRET, "token-1", applicant["family_name"], applicant["given_names"], applicant["email"]):
        assert hidden not in whole
    fixture = json.loads(done.written[-1].read_text())
    assert fixture["expected"] == {"kind": "acknowledged", "http_status": None}
    with replayed(fixture) as (url, replay):
        again = asked(url)
        configuration = CONNECTOR.Configuration.model_validate(again.configuration)

        async def play():
            context = make_context(
                configuration, secrets=again.secrets, allowed=(url,), event=event, mapping=again.mapping
            )
            async with context.http:
                return await CONNECTOR.deliver(event, context)

        assert asyncio.run(play()).kind == "acknowledged"
    recorded = [(each["request"]["method"], each["request"]["path"].partition("?")[0]) for each in fixture["exchanges"]]
    assert replay.asked == recorded


def test_of_a_list_that_may_be_about_anybody_only_the_shape_and_the_codes_stay():
    call = Call("GET", "https://a.test/changes?since=2026-01-01", {}, None, 200, {"Content-Type": "application/json"})
    call.body = json.dumps(
        {
            "items": [
                {
                    "number": "D-12",
                    "code": "CLOS",
                    "message": "Dossier de Jeanne Morel clos",
                    "name": "Morel",
                    "changed": "2026-11-24T08:00:03.5+01:00",
                    "born": "1980-02-03",
                    "children": 3,
                    "late": True,
                }
            ]
        }
    ).encode()
    [kept_] = kept([call], Fixture(EVENTS.make(), (), (), ours=False))
    text = json.dumps(kept_, ensure_ascii=False)
    assert not [each for each in ("Morel", "Jeanne", "1980", "08:00") if each in text]
    assert kept_["response"]["body"]["items"] == [
        {
            "number": "D-12",
            "code": "CLOS",
            "message": "…",
            "name": "…",
            "changed": "2000-01-01T00:00:00.0+01:00",
            "born": "2000-01-01",
            "children": 0,
            "late": True,
        }
    ]


def test_a_failure_is_kept_too_and_told(registry, tmp_path):
    registry.application.set("unauthorized")
    with serve(registry.application) as url:
        done = asyncio.run(record(CONNECTOR, asked(url), EVENTS.make(), tmp_path))
    assert [each.partition(" ")[0] for each in done.failures] == ["poll"]
    assert json.loads(done.written[0].read_text())["expected"]["checks"]


def test_settings_that_cannot_be_read_are_told(tmp_path):
    wrong = tmp_path / "a.yaml"
    wrong.write_text(yaml.safe_dump({"configurations": {}}))
    with pytest.raises(RecordingError, match="configuration"):
        Asked.read(wrong)
    with pytest.raises(RecordingError, match="base_url"):
        asyncio.run(record(CONNECTOR, Asked({}), EVENTS.make(), tmp_path))


def test_the_command_writes_the_files_and_asks_to_read_them_again(registry, tmp_path, capsys):
    with serve(registry.application) as url:
        given = tmp_path / "essai.yaml"
        given.write_text(yaml.safe_dump({**asdict(asked(url)), "allowed": [url.partition("://")[2]]}))
        arguments = argparse.ArgumentParser()
        command.configure(arguments)
        assert (
            command.run(arguments.parse_args(["record", "http_json", str(given), "--to", str(tmp_path / "out")])) == 0
        )
        assert command.run(arguments.parse_args(["record", "nobody", str(given), "--to", str(tmp_path / "out")])) == 2
    told = capsys.readouterr()
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["http_json-check.json", "http_json-poll.json"]
    assert "Relisez" in told.out
    assert "n’est pas installé" in told.err
    assert registry.records == []
