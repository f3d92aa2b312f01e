"""A rehearsal shows what a connector would send, and sends nothing."""

import asyncio
from typing import ClassVar

import pytest
from pydantic import BaseModel

from etoile.sdk import Connector, DoorError, MailError, Outcome
from etoile.sdk.mapping import Mapping
from etoile.sdk.rehearsal import HIDDEN, RehearsalDoor, RehearsalMail, rehearse
from etoile.sdk.testing import EventFactory, make_context

SECRETS = {"api_key": "tres-secret"}


class Eager(Connector):
    """Looks up, takes a token, writes: as most connectors do."""

    class Configuration(BaseModel, extra="forbid"):
        pass

    made: ClassVar[list["Eager"]] = []

    def __init__(self) -> None:
        self.made.append(self)

    async def deliver(self, event, context):
        found = await context.http.request("GET", "https://a.test/cases?key=tres-secret")
        if found.status != 404:
            return Outcome.fix_data("Cette demande est déjà là.")
        await context.http.request("POST", "https://a.test/token", data={"grant_type": "client_credentials"})
        await context.http.request(
            "POST",
            "https://a.test/cases",
            headers={"Authorization": "Bearer abc", "X-Other": "key tres-secret"},
            json={"ref": event.data["case"]["reference"], "key": "tres-secret"},
        )
        raise AssertionError("the door is closed")


def played(connector: Connector, secrets=SECRETS):
    event = EventFactory().make()
    door = RehearsalDoor(secrets)
    context = make_context(secrets=secrets, http=door, mail=RehearsalMail(door), event=event)
    return door.sent, asyncio.run(rehearse(connector, event, context, door)), event


def test_what_would_be_written_is_shown_without_secrets() -> None:
    sent, stopped, event = played(Eager())
    assert [(each.method, each.url) for each in sent] == [
        ("GET", f"https://a.test/cases?key={HIDDEN}"),
        ("POST", "https://a.test/cases"),
    ]
    assert event.data["case"]["reference"] in sent[-1].body
    assert sent[-1].headers == {"Authorization": HIDDEN, "X-Other": f"key {HIDDEN}"}
    assert "tres-secret" not in repr(sent)
    assert stopped == "Le connecteur a échoué (DoorError)."


def test_a_rehearsal_uses_another_instance_than_the_true_exchanges() -> None:
    connector = Eager()
    before = len(Eager.made)
    played(connector)
    assert len(Eager.made) == before + 1


def test_what_stops_a_connector_before_it_sends_is_told() -> None:
    class Refusing(Eager):
        async def deliver(self, event, context):
            return Outcome.fix_configuration("Le secret « api_key » manque.")

    assert played(Refusing())[:2] == ([], "Le secret « api_key » manque.")


def test_no_door_leads_anywhere() -> None:
    async def knock() -> None:
        door = RehearsalDoor({})
        with pytest.raises(DoorError, match="rien n’est parti"):
            await door.request("DELETE", "https://a.test/")
        with pytest.raises(DoorError, match="rien n’est parti"):
            async for _ in door.stream("GET", "https://a.test/"):
                pass
        with pytest.raises(MailError, match="rien n’est parti"):
            await RehearsalMail(door).send("a@a.test", "b@b.test", "Objet", "Texte")
        assert [(each.method, each.url) for each in door.sent] == [("DELETE", "https://a.test/"), ("MAIL", "b@b.test")]

    asyncio.run(knock())


def test_a_listing_over_webdav_is_a_reading_and_says_that_nothing_is_there() -> None:
    async def list_a_folder() -> None:
        door = RehearsalDoor(SECRETS)
        answer = await door.request("PROPFIND", "https://a.test/in?key=tres-secret")
        assert (answer.status, b"multistatus" in answer.body, b"response" in answer.body) == (207, True, False)
        [listed] = door.sent
        assert (listed.writes, listed.url) == (False, f"https://a.test/in?key={HIDDEN}")

    asyncio.run(list_a_folder())


def test_each_leaf_of_a_mapping_is_told_with_its_value_or_its_fault() -> None:
    tree = {"fixed": "GRU", "ref": "=event.id", "absent": "=event.data.nothing", "wrong": "=event.", "list": ["=1 + 1"]}
    leaves = {each.pointer: each for each in Mapping.examine(tree).leaves({"event": {"id": "42", "data": {}}})}
    assert (leaves["/fixed"].source, leaves["/fixed"].value) == (None, "GRU")
    assert (leaves["/ref"].source, leaves["/ref"].value) == ("event.id", "42")
    assert leaves["/list/0"].value == 2
    assert "absente" in leaves["/absent"].failure
    assert leaves["/wrong"].failure
