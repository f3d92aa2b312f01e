"""`etoile mapping`: the file of a mapping tried without a hub."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from etoile.contract.schemas import example
from etoile.runtime.command import main

STREET = Path(__file__).with_name("street.yaml")


@pytest.fixture
def changed(tmp_path):
    def write(old, new):
        path = tmp_path / "changed.yaml"
        path.write_text(STREET.read_text().replace(old, new))
        return str(path)

    return write


def test_it_works_without_a_database_nor_a_framework(tmp_path):
    command = [sys.executable, "-m", "etoile.runtime", "mapping", "run", str(STREET)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=True)
    assert json.loads(done.stdout)["Nature"] == "CHA"
    assert list(tmp_path.iterdir()) == []


def test_a_sound_file_can_be_saved_and_a_faulty_one_is_told_line_by_line(capsys, changed):
    assert main(["mapping", "check", str(STREET)]) == 0
    assert "« signalement-voirie » (version 2" in capsys.readouterr().out
    path = changed("event.data.case.reference", "event.data.case.refrence")
    assert main(["mapping", "check", path]) == 1
    assert f"{path} : ligne 19, /send/Reference : « event.data.case.refrence »" in capsys.readouterr().out
    assert main(["mapping", "run", path]) == 1


def test_a_plain_tree_is_checked_for_the_type_that_is_given(capsys, tmp_path):
    (tmp_path / "plain.yaml").write_text('a: "=event.data.case.refrence"\n')
    assert main(["mapping", "check", str(tmp_path / "plain.yaml")]) == 0
    assert main(["mapping", "check", str(tmp_path / "plain.yaml"), "--type", "org.etoile.case.submitted.v1"]) == 1


def test_an_event_is_explained_leaf_by_leaf(capsys, tmp_path):
    event = example("org.etoile.case.submitted.v1")
    (tmp_path / "event.json").write_bytes(event.to_json())
    assert main(["mapping", "run", str(STREET), str(tmp_path / "event.json"), "--explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert '/send/Nature = "CHA"   ← event.data.answers.category, par la table « natures »' in lines
    assert '/send/Origin = "GRU"   ← fixe' in lines
    assert '/send/Lines/0/Text = "12 rue des Lavoirs"   ← line' in lines


def test_a_leaf_without_a_value_is_named_and_the_status_says_so(capsys, tmp_path):
    event = example("org.etoile.case.submitted.v1")
    (tmp_path / "event.json").write_bytes(event.with_data({**event.data, "answers": {}}).to_json())
    for more in ([], ["--explain"]):
        assert main(["mapping", "run", str(STREET), str(tmp_path / "event.json"), *more]) == 1
        said = capsys.readouterr()
        assert "/send/Nature" in said.out + said.err


def test_the_answer_of_an_application_is_read(capsys, tmp_path):
    (tmp_path / "answer.json").write_text('{"Number": "7", "Status": {"Code": "ENR"}}')
    assert main(["mapping", "return", str(STREET), str(tmp_path / "answer.json")]) == 0
    assert json.loads(capsys.readouterr().out)["returned"]["status"] == "received"
    assert main(["mapping", "return", str(STREET), str(tmp_path / "answer.json"), "--explain"]) == 0
    assert '/return/number = "7"' in capsys.readouterr().out


def test_two_versions_are_compared(capsys, changed):
    assert main(["mapping", "diff", str(STREET), str(STREET)]) == 0
    capsys.readouterr()
    assert main(["mapping", "diff", str(STREET), changed("Origin: GRU", "Source: GRU")]) == 1
    assert capsys.readouterr().out == "- /send/Origin : GRU\n+ /send/Source : GRU\n"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: [", b"[]", b"{}"])
def test_what_cannot_be_read_is_said_in_words(capsys, tmp_path, content):
    (tmp_path / "bad").write_bytes(content)
    for arguments in (
        ["run", STREET, tmp_path / "bad"],
        ["return", STREET, tmp_path / "none"],
        ["run", tmp_path / "bad"],
    ):
        assert main(["mapping", *map(str, arguments)]) in (1, 2)
        assert "etoile: " in capsys.readouterr().err
