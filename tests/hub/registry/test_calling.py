"""The check of a connection, asked by a person from a web process: real sockets, no connection kept to the database."""

import asyncio
from dataclasses import replace
from typing import ClassVar

import pytest
from django.db import connection, transaction
from pydantic import BaseModel

from etoile.hub.journal.models import Entry
from etoile.hub.registry import calling, directory
from etoile.hub.registry.calling import TransactionOpenError
from etoile.hub.registry.directory import SubscriptionView
from etoile.hub.registry.models import Interface
from etoile.runtime.background import BusyError
from etoile.sdk import Check, Connector
from etoile.sdk.connector import discover
from etoile.sdk.testing import serve

pytestmark = pytest.mark.usefixtures("emptied", "town")


class Stub(Connector):
    class Configuration(BaseModel, extra="forbid"):
        base: str = ""

    seen: ClassVar[list[object]] = []

    def __init__(self, answer) -> None:
        self._answer = answer

    async def check(self, context):
        self.seen.append(connection.connection)
        return await self._answer(context)


def view(**changes) -> SubscriptionView:
    with connection.cursor() as cursor:
        found = next(iter(directory.current(cursor).subscriptions.values()))
    return replace(found, **{"connector": "stub"} | changes)


async def fine(context) -> list[Check]:
    return [Check("settings", True, f"Réglé pour {context.application}.")]


def test_the_lines_of_the_connector_are_given_back() -> None:
    (line,) = calling.check(view(), {"stub": Stub(fine)})
    assert (line.ok, line.message) == (True, "Réglé pour voirie.")


def test_the_connection_to_the_database_is_released_before_anyone_waits() -> None:
    held = view()
    assert connection.connection is not None
    calling.check(held, {"stub": Stub(fine)})
    assert connection.connection is None


def test_inside_a_transaction_it_is_refused() -> None:
    held = view()
    with transaction.atomic(), pytest.raises(TransactionOpenError):
        calling.check(held, {"stub": Stub(fine)})


def test_what_a_check_found_is_kept_beside_the_contract(monkeypatch) -> None:
    held = view()
    for ok, state in ((False, "failing"), (True, "checked")):
        monkeypatch.setattr(calling, "check", lambda view, ok=ok: [Check("credentials", ok)])
        calling.checked(held, actor="claire@example.org")
        line = Interface.objects.get(application__slug="voirie", direction="in")
        assert (line.test_state, line.checked_at is not None) == (state, True)
    found = Entry.objects.filter(kind="subscription.checked").order_by("-number")[:2]
    assert [each.detail["wrong"] for each in found] == [[], ["credentials"]]


def test_a_silent_application_is_told_in_plain_words(monkeypatch) -> None:
    monkeypatch.setattr(calling, "LONGEST_CHECK", 0.05)

    async def wait(context) -> list[Check]:
        await asyncio.sleep(60)
        return []

    (line,) = calling.check(view(), {"stub": Stub(wait)})
    assert (line.name, line.ok) == ("reachability", False)


def test_a_connector_that_fails_a_wrong_configuration_and_an_absent_one_are_told() -> None:
    async def fail(context) -> list[Check]:
        raise RuntimeError("the inside")

    assert calling.check(view(), {"stub": Stub(fail)})[0].message == "Le connecteur a échoué (RuntimeError)."
    wrong = calling.check(view(configuration={"colour": 1}), {"stub": Stub(fine)})
    assert "colour" in wrong[0].message
    assert "n’est pas installé" in calling.check(view(), {})[0].message


def test_too_many_at_once_are_told_to_come_back() -> None:
    async def ask_again(context) -> list[Check]:
        return []

    held = view()
    places = [calling.WEB._places.acquire(blocking=False) for _ in range(10)]
    try:
        with pytest.raises(BusyError):
            calling.check(held, {"stub": Stub(ask_again)})
    finally:
        for taken in places:
            if taken:
                calling.WEB._places.release()


def test_an_application_that_answers_is_seen_by_the_true_connector(settings) -> None:
    async def site(scope, receive, send) -> None:
        status = 200 if scope["path"] == "/ping" else 404
        await send(
            {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
        )
        await send({"type": "http.response.body", "body": b"{}"})

    with serve(site) as address:
        settings.HUB_ALLOWED_PRIVATE_ADDRESSES = [address.removeprefix("http://")]
        configuration = {
            "base_url": address,
            "request": {"path": "/x"},
            "success": {"external_id": "response.id"},
            "check": {"path": "/ping"},
        }
        lines = calling.check(view(connector="http_json", configuration=configuration), discover())
    assert {line.name: line.ok for line in lines} == {"settings": True, "reachability": True, "credentials": True}


def test_a_folder_is_used_only_when_the_operator_opened_it(settings, tmp_path) -> None:
    (tmp_path / "in").mkdir()
    configuration = {
        "place": {"kind": "folder", "path": str(tmp_path)},
        "drop": {"folder": "in", "format": {"kind": "csv", "columns": ["A"]}},
    }
    told = {}
    for opened in ([], [str(tmp_path)]):
        settings.HUB_ALLOWED_FOLDERS = opened
        lines = calling.check(view(connector="file_drop", configuration=configuration), discover())
        told[bool(opened)] = [line.ok for line in lines]
    assert told == {False: [False], True: [True, True]}
    assert list((tmp_path / "in").iterdir()) == []
