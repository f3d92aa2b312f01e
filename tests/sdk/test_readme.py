"""What the README tells the author of a connector to write, run as it is written."""

import re
from pathlib import Path

from etoile.contract.schemas import example
from etoile.sdk import Mapping, connector
from etoile.sdk.connector import discover
from etoile.sdk.mapping import texts
from etoile.sdk.outcome import OutcomeKind

README = Path(connector.__file__).with_name("README.md")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)


def test_the_connector_of_the_readme_delivers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "manifest.yaml").write_text(blocks("yaml")[0])
    names: dict = {}
    for block in blocks("python"):
        exec(compile(block, str(README), "exec"), names)

    class Entry:
        name = "street_works"

        @staticmethod
        def load():
            return type("module", (), {"CONNECTOR": names["CONNECTOR"]})

    assert discover(lambda group: [Entry]) == {"street_works": names["CONNECTOR"]}


def test_the_mapping_of_the_readme_does_what_it_says():
    [written], [code] = blocks("yaml mapping"), blocks("python mapping")
    text = texts.read(written)
    assert [str(each) for each in text.faults] == []
    names = {"Mapping": Mapping, "tree": text.tree, "event": example("org.etoile.case.submitted.v1")}
    exec(compile(code, str(README), "exec"), names)


def test_the_readme_explains_every_outcome():
    assert set(re.findall(r"^\| `(\w+)\(", README.read_text(), re.MULTILINE)) == {kind.value for kind in OutcomeKind}
