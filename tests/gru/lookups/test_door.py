"""The door to the hub for questions: always a reply, soon, whatever the hub does; over real HTTP."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from tests.gru.hub_double import HubDouble, listening

from etoile.contract.client import HubClient
from etoile.gru.lookups.door import Door, Question, Reply, TransactionOpenError

ASKED = Question("voies", {"texte": "rue"}, "situer", "signalement-voirie")
FOUND = {"result": "found", "data": {"n": 1}, "provider": "p", "at": "2026-11-28T08:00:00Z", "freshness": "fresh"}
SILENT = {"result": "unavailable", "code": "provider-timeout", "message": "Personne ne répond.", "instead": "le nom"}


class Hub(HubDouble):
    """It answers as told, and keeps what it was asked; status 0: nothing, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.told: tuple[int, Any] = (200, FOUND)
        self.asked: list[tuple[str, Any]] = []
        self.patience = threading.Event()

    def answer(self, path: str, given: Any) -> tuple[int, Any]:
        self.asked.append((path, given))
        if self.told[0]:
            return self.told
        self.patience.wait(5)
        return 200, FOUND


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with listening(Hub()) as found:
        yield found
        found.patience.set()


def to(address: str, seconds: float = 0.3) -> Door:
    return Door(factory=lambda: HubClient(address, "gru", "secret", timeout=seconds, budget=seconds))


REFUSED = {"type": "urn:etoile:problem:forbidden", "title": "no", "status": 403}
ANSWERS = [
    ((200, FOUND), Reply("found", {"n": 1}, "2026-11-28T08:00:00Z")),
    ((200, {"result": "not_found", "message": "Rien.", "instead": "le nom"}),
     Reply("not_found", None, "", "Rien.", "le nom")),
    ((200, SILENT), Reply("unavailable", None, "", "Personne ne répond.", "le nom", "provider-timeout")),
    ((403, REFUSED), Reply("unavailable", code="hub-refused")),
    ((503, REFUSED), Reply("unavailable", code="hub-unavailable")),
    ((200, "<html>a firewall</html>"), Reply("unavailable", code="hub-unavailable")),
    ((0, "silence"), Reply("unavailable", code="hub-unavailable")),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reply"), ANSWERS, ids=[reply.code or reply.result for _answer, reply in ANSWERS])
def test_whatever_the_hub_answers_there_is_a_reply(hub, answer, reply):
    hub.told, hub.asked = answer, []
    # A busy machine takes its time; what is tried until the end is given little of it.
    seconds = 30.0 if answer[0] in (200, 403) else 1.0
    assert to(hub.url, seconds).ask([ASKED], seconds=seconds) == [reply]
    body = {"query": {"texte": "rue"}, "purpose": "situer", "procedure": "signalement-voirie"}
    assert hub.asked[0] == ("/v1/lookups/voies", body)


def test_a_hub_that_does_not_answer_is_left_alone_for_some_seconds():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        now = [0.0]
        door = to(f"http://127.0.0.1:{nobody.getsockname()[1]}")
        door.clock = lambda: now[0]
        assert [each.code for each in door.ask([ASKED, ASKED], seconds=0.1)] == ["hub-unavailable", "hub-paused"]
        now[0] = 10.5
        assert [each.code for each in door.ask([ASKED], seconds=0.1)] == ["hub-unavailable"]
    now[0] = 21.0
    assert [each.code for each in door.ask([ASKED], seconds=0.0)] == ["no-time-left"]


class Nested:
    """A client that sees what its caller holds, and asks again while it is asked."""

    def __init__(self) -> None:
        self.door = Door(factory=lambda: self, places=1)
        self.seen: list[Any] = []

    def lookup(self, name: str, query: Any, **_rest: Any) -> Any:
        self.seen += [connection.connection, *self.door.ask([ASKED])]
        return Reply("found")


@pytest.mark.django_db(transaction=True)
def test_who_waits_holds_no_database_connection_and_too_many_never_wait():
    connection.ensure_connection()
    client = Nested()
    client.door.ask([ASKED])
    assert client.seen == [None, Reply("unavailable", code="busy")]


@pytest.mark.django_db
def test_nothing_is_asked_inside_a_transaction():
    with pytest.raises(TransactionOpenError):
        Door().ask([ASKED])
