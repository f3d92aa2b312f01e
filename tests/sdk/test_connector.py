from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import BaseModel, ConfigDict, Field

from etoile.contract.schemas import schema
from etoile.sdk import Check, Connector, Manifest, ManifestError, Outcome, OutcomeKind, Polled, Returned
from etoile.sdk.connector import discover
from etoile.sdk.outcome import STATUSES
from etoile.sdk.testing import assert_conforms

MANIFEST = {
    "name": "street",
    "title": {"fr": "Voirie", "en": "Streets"},
    "vendor": "An imaginary vendor",
    "domain": "services techniques",
    "protocol": "HTTP JSON",
    "versions": ["6"],
    "maintainer": "The authors",
    "licence": "AGPL-3.0-or-later",
    "capabilities": ["deliver"],
    "limits": {"concurrency": 4, "document_size": 10_000_000},
}


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str = Field(title="Adresse de l'application", description="Celle que donne l'éditeur, sans rien après le nom.")


def manifest(**changes) -> Manifest:
    return Manifest.model_validate(MANIFEST | changes)


class Street(Connector):
    manifest = manifest()
    Configuration = Settings

    async def deliver(self, event, context):
        return Outcome.acknowledged("12")


def entry(name, connector):
    module = SimpleNamespace(CONNECTOR=connector)
    return SimpleNamespace(name=name, load=lambda: module)


def entries(*found):
    return lambda group: found if group == "etoile.connectors" else ()


def test_installed_connectors_are_found_by_name():
    street = Street()
    assert discover(entries(entry("street", street))) == {"street": street}


@pytest.mark.parametrize(
    ("name", "connector", "words"),
    [
        ("street", None, "no CONNECTOR"),
        ("street", Street, "no CONNECTOR"),
        ("roads", Street(), 'calls itself "street"'),
        ("bare", Connector(), "no manifest"),
    ],
)
def test_an_entry_that_is_not_a_connector_is_refused(name, connector, words):
    with pytest.raises(ManifestError, match=words):
        discover(entries(entry(name, connector)))


def test_a_manifest_that_does_not_tell_the_truth_is_refused():
    class Boaster(Street):
        manifest = manifest(capabilities=["deliver", "poll"])

    class Shy(Street):
        async def check(self, context):
            return [Check("settings", True)]

    for lying in (Boaster(), Shy()):
        with pytest.raises(ManifestError, match=r"declares .* but offers"):
            discover(entries(entry("street", lying)))


def test_a_connector_without_settings_model_is_refused():
    class Loose(Street):
        Configuration = dict

    with pytest.raises(ManifestError, match="Configuration"):
        discover(entries(entry("street", Loose())))


def test_capabilities_are_the_methods_a_connector_writes():
    class Reader(Street):
        pull = True

        async def poll(self, cursor, context):
            return Polled(cursor)

    assert Street().capabilities == {"deliver"}
    assert Reader().capabilities == {"deliver", "poll", "mailbox"}
    assert Connector().capabilities == frozenset()


async def test_a_method_that_is_not_offered_says_so():
    connector = Connector()
    for call in (connector.deliver, connector.poll, connector.lookup, connector.receive):
        with pytest.raises(NotImplementedError):
            await call(None, None)
    with pytest.raises(NotImplementedError):
        await connector.check(None)


def test_a_manifest_is_read_from_its_file(tmp_path: Path):
    path = tmp_path / "manifest.yaml"
    path.write_text("name: street\ntitle: {fr: Voirie, en: Streets}\ndomain: voirie\nprotocol: HTTP\n")
    with pytest.raises(ManifestError, match=r"maintainer: .*licence: .*capabilities: "):
        Manifest.load(path)
    path.write_text(path.read_text() + "maintainer: us\nlicence: Apache-2.0\ncapabilities: [deliver]\n")
    found = Manifest.load(path)
    assert (found.name, found.title.fr, found.limits.concurrency) == ("street", "Voirie", None)


@pytest.mark.parametrize("content", ["", "- list", "a: [", "name: 3"])
def test_a_manifest_that_cannot_be_read_is_refused_by_its_name(tmp_path: Path, content):
    path = tmp_path / "manifest.yaml"
    path.write_text(content)
    with pytest.raises(ManifestError, match=r"manifest\.yaml"):
        Manifest.load(path)
    with pytest.raises(ManifestError, match=r"absent\.yaml"):
        Manifest.load(tmp_path / "absent.yaml")


@pytest.mark.parametrize(
    "change",
    [{"surprise": 1}, {"capabilities": ["fly"]}, {"capabilities": []}, {"name": "Street"}, {"title": {"fr": "x"}}],
)
def test_a_manifest_holds_only_what_is_known(change):
    with pytest.raises(ValueError, match="validation error"):
        manifest(**change)


def test_a_conforming_connector_passes_the_shared_checks():
    assert_conforms(Street())


def test_settings_without_a_french_title_or_open_to_anything_are_found():
    class Nested(BaseModel):
        deep_value: int = 1

    class Careless(Street):
        class Configuration(BaseModel):
            url: str
            password: str = "default"
            nested: Nested = Field(default=Nested(), title="Détails")

    with pytest.raises(AssertionError) as caught:
        assert_conforms(Careless())
    for words in ("setting url needs", "Nested.deep_value needs", "password must not have", "extra='forbid'"):
        assert words in str(caught.value)


def test_each_kind_of_outcome_has_its_word():
    now = datetime(2026, 9, 1, tzinfo=UTC)
    returned = Returned("in_progress", now, "P", "Planifiée")
    done = Outcome.acknowledged("12", "Enregistré.", [returned])
    assert (done.kind, done.external_id, done.message, done.returned) == (
        "acknowledged",
        "12",
        "Enregistré.",
        (returned,),
    )
    assert Outcome.accepted("Reçu.", "12").external_id == "12"
    assert Outcome.retry("Plus tard.", 30).retry_after == 30
    refusals = [Outcome.fix_data, Outcome.fix_configuration, Outcome.business_no, Outcome.manual]
    made = [refuse("Non.", "HTTP 422", http_status=422) for refuse in refusals]
    assert [each.kind for each in made] == ["fix_data", "fix_configuration", "business_no", "manual"]
    assert {(each.detail, each.http_status, each.external_id) for each in made} == {("HTTP 422", 422, None)}
    assert {kind for kind in OutcomeKind if kind.settles} == {"acknowledged", "accepted"}


def test_a_status_out_of_the_vocabulary_or_without_time_zone_cannot_come_back():
    with pytest.raises(ValueError, match="unknown status"):
        Returned("lost", datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="aware"):
        Returned("received", datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_vocabulary_of_statuses_is_that_of_the_contract():
    assert set(schema("org.etoile.case.status_changed.v1")["properties"]["status"]["enum"]) == STATUSES
