"""Alarms leave by e-mail and by a signed call, at least once and in order, outside any transaction."""

import json
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from standardwebhooks import Webhook

from etoile.contract.signature import new_secret
from etoile.hub.watch import alarms, telling
from etoile.hub.watch.causes import Cause, Check
from etoile.hub.watch.duties import CHECKS
from etoile.hub.watch.models import AlarmKind, Notice
from tests.hub.watch.conftest import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
MINUTE = timedelta(minutes=1)


class Mailbox:
    """A mail server that answers what the test says, and keeps what it took."""

    def __init__(self):
        self.answer, self.taken = "250 OK", []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name aiosmtpd looks for
        if self.answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=default))
        return self.answer


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.HUB_SMTP_URL = f"smtp://127.0.0.1:{port}"
    settings.HUB_ALARM_EMAILS = ("astreinte@ville.example",)
    settings.HUB_ALARM_FROM = "hub@ville.example"
    yield box
    controller.stop()


class Receiver(ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.calls = 204, []


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def serving():
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def receiver(settings):
    with serving() as server:
        settings.HUB_ALARM_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/alarms"
        settings.HUB_ALARM_WEBHOOK_SECRET = new_secret()
        settings.HUB_ALLOWED_PRIVATE_ADDRESSES = (f"127.0.0.1:{server.server_port}",)
        yield server


def alarm(at, *, there=True):
    causes = [Cause(AlarmKind.UNROUTED, "dead:x", 3, {})] if there else []
    return alarms.evaluate(at, (Check("x", (AlarmKind.UNROUTED,), lambda *_: iter(causes)),))


def opened(at):
    alarm(at - MINUTE)
    alarm(at)


def test_an_alarm_and_its_end_arrive_by_mail(mailbox):
    at = now()
    opened(at)
    assert telling.send_due(at) == (1, 0)
    alarm(at + 1 * MINUTE, there=False)
    alarm(at + 6 * MINUTE, there=False)
    telling.send_due(at + 6 * MINUTE)
    first, last = mailbox.taken
    assert first["Subject"] == "[Étoile] Alerte : 3 messages n’ont aucun destinataire."
    assert last["Subject"] == "[Étoile] Fin d’alerte : 3 messages n’ont aucun destinataire."
    assert (first["To"], first["From"], first["Auto-Submitted"]) == (
        "astreinte@ville.example", "hub@ville.example", "auto-generated",
    )  # fmt: skip
    text = first.get_body(("plain",)).get_content()
    assert "Que faire : Vérifiez les abonnements" in text
    assert "/console/messages/?state=unrouted" in text
    assert telling.send_due(at + 7 * MINUTE) == (0, 0)


def test_it_is_written_in_english_when_the_operator_wants_so(mailbox, settings):
    settings.HUB_ALARM_LANGUAGE = "en"
    at = now()
    opened(at)
    telling.send_due(at)
    [mail] = mailbox.taken
    assert mail["Subject"] == "[Étoile] Alarm : 3 messages have no receiver."
    assert mail["Content-Language"] == "en"


def test_an_alarm_is_called_with_a_signature_that_the_official_library_accepts(receiver, settings):
    at = now()
    opened(at)
    assert telling.send_due(at) == (1, 0)
    [(headers, body)] = receiver.calls
    event = Webhook(settings.HUB_ALARM_WEBHOOK_SECRET).verify(
        body, {name.lower(): value for name, value in headers.items()}
    )
    assert event["type"] == "alarm.opened"
    assert (event["data"]["kind"], event["data"]["count"]) == ("unrouted", 3)
    assert event["data"]["words"] == "3 messages n’ont aucun destinataire."


def test_a_receiver_that_refuses_is_called_again_with_the_same_identifier(receiver):
    at = now()
    opened(at)
    receiver.status = 503
    assert telling.send_due(at) == (0, 1)
    assert telling.send_due(at) == (0, 0)
    receiver.status = 204
    assert telling.send_due(at + MINUTE) == (1, 0)
    [(first, body), (second, again)] = receiver.calls
    assert (first["webhook-id"], body) == (second["webhook-id"], again)


def test_an_inner_address_that_nobody_allowed_is_not_called(receiver, settings):
    settings.HUB_ALLOWED_PRIVATE_ADDRESSES = ()
    at = now()
    opened(at)
    assert telling.send_due(at) == (0, 1)
    assert receiver.calls == []
    assert "réseau interne" in Notice.objects.get().last_error or "chiffrée" in Notice.objects.get().last_error


def test_the_end_of_an_alarm_never_overtakes_its_beginning(mailbox):
    at = now()
    mailbox.answer = "451 later"
    opened(at)
    telling.send_due(at)
    alarm(at + 1 * MINUTE, there=False)
    alarm(at + 6 * MINUTE, there=False)
    # The beginning is not due again yet: the end is, and waits for it.
    Notice.objects.filter(what="opened").update(due=at + 60 * MINUTE)
    mailbox.answer = "250 OK"
    assert telling.send_due(at + 6 * MINUTE) == (0, 0)
    telling.send_due(at + 60 * MINUTE)
    telling.send_due(at + 60 * MINUTE)
    assert ["Fin" in mail["Subject"] for mail in mailbox.taken] == [False, True]


def test_a_process_killed_while_sending_leaves_a_message_that_is_sent_again(mailbox, monkeypatch):
    at = now()
    opened(at)
    monkeypatch.setattr(telling, "_note", lambda *_: None)
    telling.send_due(at)
    monkeypatch.undo()
    assert telling.send_due(at + MINUTE) == (0, 0)
    assert telling.send_due(at + 3 * MINUTE) == (1, 0)
    assert len({mail["Message-ID"] for mail in mailbox.taken}) == 1
    assert len(mailbox.taken) == 2


def test_alarms_that_do_not_leave_are_an_alarm_and_do_not_breed(mailbox, town):
    at = now()
    mailbox.answer = "451 later"
    alarms.evaluate(at, CHECKS)
    opened(at)
    for minutes in range(0, 80, 20):
        telling.send_due(at + minutes * MINUTE)
        alarms.evaluate(at + minutes * MINUTE, CHECKS)
    assert [each.kind for each in alarms.opened() if each.kind == "notice"] == ["notice"]


def test_what_is_too_old_to_be_news_is_given_up(mailbox):
    at = now()
    mailbox.answer = "451 later"
    opened(at)
    for hours in range(0, 80, 8):
        telling.send_due(at + timedelta(hours=hours))
    notice = Notice.objects.get()
    assert (notice.due, notice.sent_at) == (None, None)
    assert notice.given_up_at is not None
    assert notice.last_error == "Le serveur de messagerie demande d'attendre."


def test_an_address_that_was_taken_away_receives_nothing_more(mailbox, settings):
    at = now()
    opened(at)
    settings.HUB_ALARM_EMAILS = ()
    telling.send_due(at)
    assert mailbox.taken == []
    assert (Notice.objects.get().due, Notice.objects.get().given_up_at) == (None, None)


def test_the_mail_and_the_call_do_not_wait_for_one_another(mailbox, receiver):
    at = now()
    mailbox.answer = "451 later"
    opened(at)
    assert telling.send_due(at) == (1, 1)
    assert json.loads(receiver.calls[0][1])["type"] == "alarm.opened"
