"""`etoile journal` says the truth to a person, to a script and by its status."""

import argparse
import json

import pytest
from django.core.management import call_command
from django.db import connection

from etoile.hub.journal import command, seals
from tests.hub.journal.conftest import lawless, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("journal")]


def test_sealing_then_verifying_says_what_was_proved(capsys) -> None:
    with connection.cursor() as cursor:
        write(cursor, 3)
    call_command("journal_verify")
    assert "3 are not sealed yet" in capsys.readouterr().out
    call_command("journal_seal")
    assert capsys.readouterr().out.startswith("Seal 1: ")
    call_command("journal_verify")
    said = capsys.readouterr().out
    assert "3 entries under 1 seals are as they were sealed." in said
    call_command("journal_verify", "--json", "--known", said.split()[-1])
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["ok"], verdict["entries"], verdict["broken"]) == (True, 3, None)


def test_a_broken_entry_is_named_and_the_status_says_so(capsys) -> None:
    with connection.cursor() as cursor:
        written = write(cursor, 3)
        call_command("journal_seal")
        with lawless(cursor):
            cursor.execute("UPDATE journal_entry SET actor = 'nobody' WHERE id = %s", [written[1]])
    for words in ([], ["--json"]):
        with pytest.raises(SystemExit) as status:
            call_command("journal_verify", *words)
        assert status.value.code == 1
        assert f"the entry {written[1]} was changed" in capsys.readouterr().out


def test_an_empty_journal_has_nothing_to_seal(capsys) -> None:
    call_command("journal_seal")
    assert capsys.readouterr().out == "There is nothing to seal.\n"


def test_what_cannot_be_sealed_in_time_is_said(capsys, monkeypatch) -> None:
    monkeypatch.setattr(seals, "seal", lambda connection: None)
    with connection.cursor() as cursor:
        write(cursor)
    with pytest.raises(SystemExit):
        call_command("journal_seal", "--wait", "0")
    assert "running for too long" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["verify"], ["journal_verify", "--known", ""]),
        (["verify", "--known", "ab12", "--json"], ["journal_verify", "--known", "ab12", "--json"]),
        (["seal"], ["journal_seal", "--wait", "30.0"]),
    ],
)
def test_each_action_is_a_management_command(monkeypatch, words, expected) -> None:
    ran = []
    monkeypatch.setattr(command, "manage", lambda product, arguments: ran.append((product, arguments)) or 0)
    parser = argparse.ArgumentParser()
    command.configure(parser)
    assert command.run(parser.parse_args(words)) == 0
    assert ran == [("hub", expected)]
