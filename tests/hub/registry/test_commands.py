import argparse
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from etoile.hub import command
from etoile.hub.registry.models import Operator
from tests.hub.conftest import STAR

pytestmark = pytest.mark.django_db
PASSWORD = "une phrase assez longue 42"


def test_the_load_command_says_what_it_did(tmp_path) -> None:
    file = tmp_path / "star.yaml"
    file.write_text(STAR)
    said = StringIO()
    call_command("hub_load", file, stdout=said)
    assert "created" in said.getvalue()


def test_the_load_command_lists_the_problems(tmp_path) -> None:
    file = tmp_path / "star.yaml"
    file.write_text("star: 1\ncolour: red\n")
    with pytest.raises(CommandError, match=r"colour \(line 2\)"):
        call_command("hub_load", file)


def test_an_operator_is_created_once_with_a_password_from_a_file(tmp_path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    call_command("hub_operator", "create", "Claire@Example.org", password_file=file, stdout=StringIO())
    operator = Operator.objects.get_by_natural_key("CLAIRE@example.org")
    assert operator.email == "claire@example.org"
    assert operator.check_password(PASSWORD)
    assert operator.role == "administrator"
    with pytest.raises(CommandError, match="already"):
        call_command("hub_operator", "create", "claire@example.org", password_file=file)


def test_a_weak_password_makes_no_operator(monkeypatch) -> None:
    monkeypatch.setenv("HUB_OPERATOR_PASSWORD", "azerty")
    with pytest.raises(CommandError):
        call_command("hub_operator", "create", "claire@example.org")
    assert not Operator.objects.exists()


@pytest.mark.usefixtures("town")
def test_the_status_command_says_what_waits(publish) -> None:
    from_test = StringIO()
    call_command("hub_status", stdout=from_test)
    assert "4 applications, 3 subscriptions." in from_test.getvalue()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["load", "star.yaml"], ["hub_load", "star.yaml"]),
        (["operator", "create", "a@b.fr"], ["hub_operator", "create", "a@b.fr", "--name=", "--role=reader"]),
        (
            ["operator", "role", "a@b.fr", "operator", "--reason", "-- arrivée"],
            ["hub_operator", "role", "a@b.fr", "--role=operator", "--reason=-- arrivée"],
        ),
        (["operator", "close", "a@b.fr", "--reason", "Partie"], ["hub_operator", "close", "a@b.fr", "--reason=Partie"]),
        (["partitions"], ["hub_partitions", "--months-ahead", "2"]),
        (["status"], ["hub_status"]),
    ],
)
def test_each_action_of_the_command_is_a_management_command(monkeypatch, words, expected) -> None:
    ran = []
    monkeypatch.setattr(command, "manage", lambda product, arguments: ran.append((product, arguments)) or 0)
    parser = argparse.ArgumentParser()
    command.configure(parser)
    assert command.run(parser.parse_args(words)) == 0
    assert ran == [("hub", expected)]
