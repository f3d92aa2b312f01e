"""Checks and dry runs by the API: real commits, since a connector is never called inside a transaction."""

import pytest

from etoile.hub.delivery.models import Delivery
from etoile.hub.journal.models import Entry
from etoile.hub.registry import calling
from tests.hub.conftest import submission, token

pytestmark = pytest.mark.usefixtures("emptied")
PATH = "subscriptions/voirie-demandes"


def test_a_check_gives_its_lines(ask) -> None:
    (line,) = ask("post", f"{PATH}/check", {}).json()["items"]
    assert line["ok"] is True


def test_too_many_checks_are_told_to_come_back(ask, monkeypatch) -> None:
    def full(view):
        raise calling.BusyError("connectors")

    monkeypatch.setattr(calling, "check", full)
    answer = ask("post", f"{PATH}/check", {})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_a_dry_run_is_masked_until_it_is_opened(ask, publish) -> None:
    event = submission()
    message = publish(event, token("gru")).json()["id"]
    name, asked = (
        event.data["applicant"]["family_name"],
        {"message": message, "mapping": {"n": "=event.data.applicant"}},
    )
    closed = ask("post", f"{PATH}/dry-run", asked)
    assert closed.json()["masked"] is True
    assert closed.json()["taken"] is True
    assert name not in closed.content.decode()
    assert not Entry.objects.filter(kind="message.opened", message_id=message).exists()
    assert name in ask("post", f"{PATH}/dry-run", asked | {"opened": True}).content.decode()
    assert Entry.objects.get(kind="message.opened", message_id=message).actor == "gru (exploitation)"
    assert Delivery.objects.get().state == "pending"


def test_a_dry_run_of_what_cannot_be_read_is_refused_at_its_place(ask) -> None:
    answer = ask("post", f"{PATH}/dry-run", {"filter": "event.", "mapping": {"a": "=event."}})
    assert {each["pointer"] for each in answer.json()["errors"]} == {"#/filter", "#/mapping/a"}
    assert ask("post", f"{PATH}/dry-run", {"message": "01980f3e-0d6d-7000-8000-000000000018"}).status_code == 404
    assert ask("post", f"{PATH}/dry-run", {}).json()["masked"] is False
