"""The registry shows the badge of each installed connector, and says when its folder is no longer the one tested."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from etoile.hub.console.pages.registry_connectors import standing
from etoile.hub.registry import installed
from etoile.sdk import Connector, Manifest
from etoile.sdk.conformance import badge
from etoile.sdk.conformance.badge import Badge, fingerprint

SAMPLE = Path(__file__).parents[3] / "examples" / "connector-sample" / "src" / "street_works"


@pytest.fixture
def folder(tmp_path):
    """A copy of the sample's folder."""
    copied = tmp_path / "street_works"
    shutil.copytree(SAMPLE, copied, ignore=shutil.ignore_patterns("__pycache__", badge.NAME))
    return copied


@pytest.fixture
def connector(folder, monkeypatch):
    class StreetWorks(Connector):
        manifest = Manifest.load(folder / "manifest.yaml")

    monkeypatch.setattr(installed, "folder_of", lambda connector: folder)
    return {"street_works": StreetWorks()}


def tested(folder: Path, result="passed") -> None:
    day = date(2026, 11, 24)
    Badge("street_works", "1.2", ("6",), "0.1", day, result, {"manifest": result}, fingerprint(folder)).write(
        folder / badge.NAME
    )


def told(connector):
    [each] = installed.all(connector)
    cell = standing(each)
    return cell.text, cell.tone


def test_a_badge_is_told_with_its_day(folder, connector):
    assert told(connector) == ("jamais essayé", "neutral")
    tested(folder)
    assert told(connector) == ("conforme, essayé le 24 novembre 2026", "success")
    tested(folder, "failed")
    assert told(connector) == ("non conforme, essayé le 24 novembre 2026", "danger")


def test_a_folder_that_changed_since_is_said_to_have(folder, connector):
    tested(folder)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_more.py").write_text("")
    assert told(connector)[1] == "success"
    (folder / "connector.py").write_text("# another")
    assert told(connector) == ("conforme, essayé le 24 novembre 2026 ; le connecteur a changé depuis", "warning")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"connector": 3}', "\x00"])
def test_a_badge_that_cannot_be_read_says_so_and_breaks_nothing(folder, connector, content):
    (folder / badge.NAME).write_text(content)
    assert told(connector) == ("essai illisible", "warning")


def test_the_badge_of_another_connector_is_none(folder, connector):
    tested(folder)
    text = (folder / badge.NAME).read_text().replace("street_works", "another")
    (folder / badge.NAME).write_text(text)
    assert told(connector) == ("essai illisible", "warning")
