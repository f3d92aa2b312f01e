"""The models of `fixtures` are what the connector writes and reads: what a vendor is shown is true."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from etoile.connectors.file_drop import CONNECTOR
from etoile.connectors.file_drop.configuration import Drop, Poll, Reading
from etoile.connectors.file_drop.formats import Csv, Xml
from etoile.connectors.file_drop.places import LocalFolder, Sftp, WebDav
from etoile.sdk import Mapping
from etoile.sdk.testing import EventFactory

FIXTURES = Path(__file__).parents[1] / "fixtures"
MAPPING = yaml.safe_load((FIXTURES / "mapping.yaml").read_text())
CASE = {
    "id": "018f2f6e-0000-7000-8000-000000000002",
    "reference": "26-T0001",
    "submitted_at": "2026-11-24T08:30:00Z",
}
TITLE = {"title": {"fr": "Occupation du domaine public – œuvre d’art"}}
FORMATS = {
    "csv": {"kind": "csv", "columns": list(MAPPING["send"]), "encoding": "iso-8859-1"},
    "xml": {"kind": "xml", "root": "demande", "encoding": "iso-8859-1"},
}


def event():
    made = EventFactory().make(data={"documents": []})
    procedure = {**made.data["procedure"], **TITLE}
    return EventFactory().make(data={"documents": [], "procedure": procedure, "case": {**made.data["case"], **CASE}})


@pytest.mark.parametrize("kind", ["csv", "xml"])
async def test_a_dropped_file_is_the_model(bench, kind):
    outcome = await bench.deliver(event(), mapping=MAPPING, drop={"format": FORMATS[kind]})
    written = (bench.shared / "in" / f"{outcome.external_id}.{kind}").read_bytes()
    assert written == (FIXTURES / f"dropped.{kind}").read_bytes()


@pytest.mark.parametrize("kind", ["csv", "xml"])
async def test_a_returned_file_like_the_model_is_read(bench, kind):
    (bench.shared / "out" / f"retour.{kind}").write_bytes((FIXTURES / f"returned.{kind}").read_bytes())
    reading = {"kind": kind, "encoding": "iso-8859-1", "element": "retour", "number": "Fichier"}
    _, told = await bench.poll_all(mapping=MAPPING, poll={"reading": reading})
    assert [(number, each.status, each.business_label, each.external_id) for number, each in told] == [
        ("26-T0001-0123456789ab", "received", "Enregistré", "PC-26-00412"),
        ("26-T0002-0123456789ab", "closed", "Réglé ; voir l'arrêté", "PC-26-00413"),
    ]
    assert told[0][1].occurred_at == datetime(2026, 11, 24, tzinfo=UTC)


def test_the_example_of_the_page_is_accepted_as_it_is_written():
    page = (FIXTURES.parent / "README.md").read_text()
    [written] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    example = yaml.safe_load(written)
    assert Mapping.check(example["mapping"], example["type"]).violations == ()
    configuration = CONNECTOR.configured(example["configuration"])
    sent = {*example["mapping"]["send"], configuration.drop.documents.column}
    assert set(configuration.drop.format.columns) == sent


@pytest.mark.parametrize("model", [LocalFolder, Sftp, WebDav, Drop, Csv, Xml, Poll, Reading])
def test_the_page_names_every_setting(model):
    page = (FIXTURES.parent / "README.md").read_text()
    assert [name for name in model.model_fields if f"`{name}`" not in page] == []
