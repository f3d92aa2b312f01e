"""Notices: recorded with the case, mailed when the mail server wants, never with the content of the file."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from etoile.gru.cases import actors
from etoile.gru.cases import services as cases
from etoile.gru.notices import mail, services, tasks, wording
from etoile.gru.notices.models import Notice
from etoile.gru.notices.services import Recipient, send_later


class Letters:
    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refuse = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - called by aiosmtpd
        if self.refuse:
            return "451 Try again later"
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def box(settings: Any) -> Iterator[Letters]:
    letters = Letters()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(letters, hostname="127.0.0.1", port=port)
    controller.start()
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    yield letters
    controller.stop()


def receipt() -> Notice:
    return Notice.objects.get(template="registration_receipt")


@pytest.mark.exigence("CRPA-06")
def test_the_receipt_carries_every_mention_of_the_law_in_two_parts(town, box):
    case = town.submit()
    services.send(receipt().pk)
    letter = box.received[0]
    text = letter.get_body(("plain",)).get_content()
    html = letter.get_body(("html",)).get_content()
    for words in (
        case.reference,
        "Demande d'acte",
        "Service de l'état civil",
        "1 place de la Mairie",
        "etat-civil@valmont.example",
        "02 41 00 00 01",
        "deux mois",
        town.case(case).tracking_key,
    ):
        assert words in text, words
    assert html.count("<h1") == 1
    assert '<html lang="fr"' in html
    assert letter["Content-Language"] == "fr"
    assert letter["To"] == "camille.martin@example.org"
    assert receipt().state == "sent"


def test_no_notice_carries_the_content_of_the_file(town, box):
    case = town.submit()
    cases.post_message(case.pk, actors.agent(town.agent), "Votre allergie est notée")
    for notice in Notice.objects.all():
        services.send(notice.pk)
    assert len(box.received) == 2
    for letter in box.received:
        assert "allergie" not in letter.as_string()
        assert "Mariage" not in letter.as_string()


def test_a_case_filed_in_english_is_answered_in_english(town, box):
    town.submit(language="en")
    services.send(receipt().pk)
    letter = box.received[0]
    assert '<html lang="en"' in letter.get_body(("html",)).get_content()
    text = letter.get_body(("plain",)).get_content()
    assert "Certificate request" in text
    assert "Team in charge of your request" in text
    assert "Votre" not in text


@pytest.mark.exigence("CRPA-04")
def test_with_the_mail_server_down_the_receipt_is_recorded_first_and_leaves_later(town, settings, box):
    up = settings.SMTP_URL
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    town.submit()
    with pytest.raises(mail.Unavailable):
        services.send(receipt().pk)
    assert (receipt().state, receipt().attempts) == ("created", 1)
    assert "camille" not in receipt().last_error
    settings.SMTP_URL = up
    services.send(receipt().pk)
    assert (receipt().state, receipt().attempts) == ("sent", 2)


def test_a_refusal_of_the_mail_server_is_tried_again_under_the_same_message_id(town, box):
    town.submit()
    box.refuse = True
    with pytest.raises(mail.Unavailable):
        services.send(receipt().pk)
    box.refuse = False
    services.send(receipt().pk)
    assert [each["Message-ID"] for each in box.received] == [receipt().message_id]


def test_a_notice_that_left_is_not_sent_again(town, box):
    town.submit()
    services.send(receipt().pk)
    services.send(receipt().pk)
    assert len(box.received) == 1


def test_killed_while_sending_the_notice_is_sent_again_rather_than_never(town, box):
    town.submit()
    Notice.objects.update(state="sending")
    services.send(receipt().pk)
    assert (len(box.received), receipt().state) == (1, "sent")


@pytest.mark.exigence("CRPA-06", "CRPA-08")
@pytest.mark.parametrize("missing", ["received_at", "service", "service_address", "service_email", "service_phone"])
def test_a_receipt_without_a_mention_is_not_sent_but_seen(town, box, missing):
    context = {**_context(town), missing: ""}
    notice = send_later(town.authority, Recipient("", "a@example.org"), "registration_receipt", context)
    services.send(notice.pk)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error, box.received) == ("failed", missing, [])


@pytest.mark.exigence("CRPA-06")
@pytest.mark.parametrize(
    ("regime", "expected"),
    [("accept", "sera acceptée"), ("reject", "sera refusée"), ("none", "ne vaut pas décision")],
)
def test_the_receipt_says_what_the_silence_means(town, regime, expected):
    with translation.override("fr"):
        said = wording.say("registration_receipt", {**_context(town), "silence_regime": regime})
    assert expected in " ".join(said.closing)


def test_an_unknown_template_is_a_fault_of_the_caller_and_writes_nothing(town):
    with pytest.raises(KeyError):
        send_later(town.authority, Recipient("", "a@example.org"), "greetings", {})
    assert not Notice.objects.exists()


def test_the_list_of_delays_is_followed_then_a_human_is_called(town):
    town.submit()
    job = ProcrastinateJob.objects.get()
    patience = tasks.Patience()
    waits = [
        patience.get_retry_decision(exception=mail.Unavailable(), job=_attempt(number))
        for number in range(len(services.DELAYS) + 1)
    ]
    assert all(waits[:-1])
    assert waits[-1] is None
    services.give_up(job.args["notice_id"])
    assert receipt().state == "failed"


def test_what_no_job_carries_any_more_is_swept_up(town):
    town.submit()
    Notice.objects.update(state="failed")
    tasks.sweep.func(0)
    assert ProcrastinateJob.objects.count() == 1, "a notice of today has its own job"
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        tasks.sweep.func(0)
    assert ProcrastinateJob.objects.count() == 2


def test_a_link_to_a_draft_is_forgotten_once_it_opens_nothing_any_more(town):
    sent = {"authority": town.authority, "state": "sent", "recipient_email": "camille@exemple.fr"}
    for template in ("draft_link", "decision"):
        Notice.objects.create(template=template, **sent)
    for days, left in ((29, {"draft_link", "decision"}), (31, {"decision"})):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            tasks.sweep.func(0)
        assert set(Notice.objects.values_list("template", flat=True)) == left


def test_every_task_deferred_is_known_to_the_worker():
    assert {"notices.send", "notices.sweep"} <= set(app.tasks)


def _attempt(number: int) -> Any:
    return type("Job", (), {"attempts": number})


def _context(town: Any) -> dict[str, Any]:
    return {
        "reference": "26-K7QM-3",
        "procedure": {"fr": "Acte"},
        "authority": town.authority.name,
        "received_at": "2026-11-24T12:00:00+00:00",
        "timezone": "Europe/Paris",
        "service": "État civil",
        "service_address": "1 place de la Mairie",
        "service_email": "a@example.org",
        "service_phone": "02",
        "silence_regime": "reject",
        "silence_date": "2027-01-24",
    }
