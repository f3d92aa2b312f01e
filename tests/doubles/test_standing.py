"""Every double that `etoile double` starts shows what it holds, labelled as simulated, and obeys one set of orders."""

import argparse
import socket
from pathlib import Path

import pytest
import urllib3

from etoile.runtime.ports import free
from etoile.sdk.doubles import Double, Place, command

INSTALLED = command.installed()


@pytest.mark.parametrize("name", sorted(INSTALLED))
async def test_it_stands_shows_itself_and_obeys(name: str, tmp_path: Path):
    double = INSTALLED[name]
    place = Place(folder=tmp_path, secrets=tmp_path / "secrets", hub="http://127.0.0.1:9", port=free()[0])
    with urllib3.PoolManager(retries=False, timeout=30) as http:
        async with double.open(place) as standing:
            page = standing.says["page"]
            shown = http.request("GET", page)
            assert shown.status == 200
            assert "application simulée" in shown.data.decode()
            assert '<html lang="fr">' in shown.data.decode()
            state = http.request("GET", f"{page}_double/faults").json()
            assert (state["fault"], set(state["kinds"])) == (None, double.kinds)
            kind = sorted(double.kinds)[0]
            assert http.request("POST", f"{page}_double/faults", json={"fault": kind}).json()["fault"] == kind
            assert standing.faults.current is not None
            held = http.request("GET", f"{page}_double/held").json()
            assert (held["simulated"], held["held"]) == (True, [])
            moved = http.request("POST", f"{page}_double/clock", json={"at": "2026-11-24T08:00:00Z"})
            assert moved.json() == {"now": "2026-11-24T08:00:00+00:00", "stands": True}
            standing.faults.set(None)


def test_no_two_doubles_want_the_same_port():
    wanted = [port for each in INSTALLED.values() for port in {each.port, *each.others, each.controls}]
    assert len(wanted) == len(set(wanted))


def test_the_list_says_what_each_one_is_and_a_misuse_lists_them(capsys):
    assert given() == 0
    listed = capsys.readouterr().out
    assert all(each.english in listed for each in INSTALLED.values())
    assert given("earthquake") == 2
    assert "soap" in capsys.readouterr().err
    assert given("soap", "--fault", "other_host_key") == 2
    assert "empty_envelope" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(capsys, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert given("sftp", "--port", port, "--folder", str(tmp_path)) == 2
    assert port in capsys.readouterr().err


def test_a_double_of_another_package_needs_nothing_but_an_entry_point():
    assert all(isinstance(each, Double) and each.name == name for name, each in INSTALLED.items())


def given(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(arguments))
