import smtplib
import socket
import threading
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from etoile.sdk import Attachment, MailDoor, MailError
from etoile.sdk.mail import smtp


def message(**changes) -> EmailMessage:
    made = EmailMessage()
    for name, value in ({"From": "gru@valmont.example", "To": "voirie@valmont.example"} | changes).items():
        made[name] = value
    made.set_content("Bonjour")
    return made


class Sink:
    def __init__(self, answer="250 OK"):
        self.answer, self.received = answer, []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the name aiosmtpd looks for
        self.received.append(envelope)
        return self.answer


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def serving(sink, port):
    return Controller(sink, hostname="127.0.0.1", port=port)


async def test_a_message_is_made_and_handed_over_in_a_thread():
    sent, threads = [], []

    def send(made):
        threads.append(threading.current_thread())
        sent.append(made)

    await MailDoor(send).send(
        "Ville <gru@valmont.example>",
        ["voirie@valmont.example", "Accueil <accueil@valmont.example>"],
        "Signalement 26-K7QM-3 : nid-de-poule près de l'école",
        "Bonjour,\n\nUn signalement vous attend.\n",
        {"Message-ID": "<key-1@valmont.example>", "Auto-Submitted": "auto-generated"},
        [Attachment("été.pdf", "application/pdf", b"%PDF-1.7")],
    )
    (made,) = sent
    assert threads[0] is not threading.main_thread()
    assert [str(each) for each in made["To"].addresses] == [
        "voirie@valmont.example",
        "Accueil <accueil@valmont.example>",
    ]
    assert made["Message-ID"] == "<key-1@valmont.example>"
    assert "école" in made["Subject"]
    assert made.get_body().get_content() == "Bonjour,\n\nUn signalement vous attend.\n"
    assert [(each.get_filename(), each.get_content()) for each in made.iter_attachments()] == [("été.pdf", b"%PDF-1.7")]


async def test_a_message_may_say_the_same_in_html_and_in_which_language():
    sent = []
    await MailDoor(sent.append).send(
        "gru@valmont.example",
        "voirie@valmont.example",
        "x",
        "Bonjour",
        {"Content-Language": "fr"},
        html="<p>Bonjour</p>",
    )
    (made,) = sent
    assert [part.get_content_type() for part in made.iter_parts()] == ["text/plain", "text/html"]
    assert made["Content-Language"] == "fr"


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "a\r\nBcc: spy@example.org"},
        {"sender": "a@b.example\nBcc: spy@example.org"},
        {"headers": {"X-A": "1\nBcc: spy@example.org"}},
        {"headers": {"Subject": "twice"}},
        {"recipients": "nobody"},
        {"recipients": ""},
        {"recipients": []},
    ],
)
async def test_a_header_or_an_address_badly_written_never_leaves(wrong):
    sent = []
    settings = {"sender": "gru@valmont.example", "recipients": "voirie@valmont.example", "subject": "x", "text": "y"}
    with pytest.raises(MailError) as caught:
        await MailDoor(sent.append).send(**(settings | wrong))
    assert (caught.value.kind, sent) == ("invalid", [])


async def test_a_message_reaches_an_smtp_server(port):
    sink = Sink()
    controller = serving(sink, port)
    controller.start()
    try:
        await MailDoor(smtp(f"smtp://127.0.0.1:{port}")).send("a@b.example", "c@d.example", "Objet", "Texte")
    finally:
        controller.stop()
    assert sink.received[0].rcpt_tos == ["c@d.example"]
    assert b"Subject: Objet" in sink.received[0].content


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("451 Try later", "unavailable"), ("550 No", "refused"), ("554 No", "content"), ("302 Moved", "unavailable")],
)
def test_a_refusal_says_whether_to_try_again(port, answer, kind):
    controller = serving(Sink(answer), port)
    controller.start()
    try:
        with pytest.raises(MailError) as caught:
            smtp(f"smtp://127.0.0.1:{port}")(message())
    finally:
        controller.stop()
    assert caught.value.kind == kind


def test_a_server_that_is_away_is_unavailable(port):
    with pytest.raises(MailError) as caught:
        smtp(f"smtp://127.0.0.1:{port}", timeout=1)(message())
    assert caught.value.kind == "unavailable"


def test_a_password_never_travels_in_clear(port):
    controller = serving(Sink(), port)
    controller.start()
    try:
        with pytest.raises(MailError, match="chiffrée"):
            smtp(f"smtp://user:canary@127.0.0.1:{port}")(message())
    finally:
        controller.stop()


def test_recipients_refused_for_good_or_for_now_are_told_apart(port, monkeypatch):
    def refuse(code):
        def send_message(self, made):
            raise smtplib.SMTPRecipientsRefused({"c@d.example": (code, b"no")})

        return send_message

    controller = serving(Sink(), port)
    controller.start()
    try:
        for code, kind in ((450, "unavailable"), (550, "refused")):
            monkeypatch.setattr(smtplib.SMTP, "send_message", refuse(code))
            with pytest.raises(MailError) as caught:
                smtp(f"smtp://127.0.0.1:{port}")(message())
            assert caught.value.kind == kind
    finally:
        controller.stop()


@pytest.mark.parametrize("url", ["", "127.0.0.1:25", "http://host:25", "smtp://"])
def test_an_smtp_address_has_a_scheme_and_a_host(url):
    with pytest.raises(ValueError, match="smtp://host:port"):
        smtp(url)


async def test_a_server_that_keeps_silent_is_waited_for_no_longer_than_asked():
    answered = threading.Event()
    with pytest.raises(MailError, match="à temps") as late:
        await MailDoor(lambda made: answered.wait(60)).send(
            "gru@valmont.example", "voirie@valmont.example", "Objet", "Texte", timeout=0.05
        )
    answered.set()
    assert late.value.kind == "unavailable"
