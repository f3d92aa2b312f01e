"""The door to the hub for questions: always a reply, soon, whatever the hub does; over real HTTP."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection

from etoile.contract.client import HubClient
from etoile.gru.lookups.door import Door, Question, Reply, TransactionOpenError

ASKED = Question("voies", {"texte": "rue"}, "situer", "signalement-voirie")
FOUND = {"result": "found", "data": {"n": 1}, "provider": "p", "at": "2026-11-28T08:00:00Z", "freshness": "fresh"}
SILENT = {"result": "unavailable", "code": "provider-timeout", "message": "Personne ne répond.", "instead": "le nom"}


class Hub(ThreadingHTTPServer):
    """A hub reduced to its contract: it answers as told, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.answer: tuple[int, Any] = (200, FOUND)
        self.asked: list[tuple[str, Any]] = []
        self.patience = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path == "/oauth/token":
            return self.say(200, {"access_token": "t", "expires_in": 900, "token_type": "Bearer"})
        self.server.asked.append((self.path, json.loads(body)))
        if self.server.answer[0] == 0:
            self.server.patience.wait(5)
        return self.say(*(self.server.answer if self.server.answer[0] else (200, FOUND)))

    def say(self, status: int, body: Any) -> None:
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_args: Any) -> None:
        return


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.patience.set()
    server.shutdown()
    server.server_close()
    thread.join()


def to(address: str) -> Door:
    return Door(factory=lambda: HubClient(address, "gru", "secret", timeout=0.3, budget=0.3))


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
    hub.answer, hub.asked = answer, []
    assert to(hub.url).ask([ASKED], seconds=0.3) == [reply]
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
