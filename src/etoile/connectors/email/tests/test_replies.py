"""A team answers by e-mail: its words reach the case, once, and nothing else is taken for an answer."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from etoile.connectors.email import CONNECTOR, answering, asking, letters, marks
from etoile.connectors.email.configuration import Configuration, Replies
from etoile.connectors.email.double import Letterbox
from etoile.connectors.email.imap_double import PASSWORD, Postbox
from etoile.connectors.email.letters import Kind
from etoile.connectors.email.reading import number_of
from etoile.sdk import Door, DoorError, MailDoor, OutcomeKind, Polled, Posted, Returned
from etoile.sdk.mail import smtp
from etoile.sdk.testing import EventFactory, make_context

EVENTS = EventFactory()
KEY = "a key that signs the marks"
REPLIES = Replies(host="imap.ville.fr", username="reponses", address="reponses@ville.example.fr")
SECRETS = {"mailbox_password": PASSWORD, "reply_key": KEY}


class Desk:
    """A team facing its mail: what the hub sent it, how it answers, what the hub then reads."""

    def __init__(self, letterbox: Letterbox | None, box: Postbox, door: Door) -> None:
        self.letterbox, self.box, self.door = letterbox, box, door

    def context(self, event: Any = None, *, secrets: dict[str, str] | None = None, **settings: Any) -> Any:
        poll = {**self.box.settings, **settings.pop("poll", {})}
        written = {"sender": "hub@ville.example.fr", "to": "voirie@ville.example.fr", "poll": poll} | settings
        return make_context(
            Configuration.model_validate(written),
            secrets=SECRETS if secrets is None else secrets,
            mail=MailDoor(smtp(self.letterbox.url, timeout=30)) if self.letterbox else None,
            http=self.door,
            event=event,
        )

    async def send(self, **settings: Any) -> tuple[str, EmailMessage]:
        """Delivers one event; its number, and the message the team got."""
        event = EVENTS.make(data={"documents": []})
        outcome = await CONNECTOR.deliver(event, self.context(event, **settings))
        assert outcome.kind is OutcomeKind.ACKNOWLEDGED, outcome
        return outcome.external_id, message_from_bytes(self.letterbox.messages[-1], policy=policy.default)

    async def poll(self, cursor: str | None = None, **settings: Any) -> Polled:
        return await CONNECTOR.poll(cursor, self.context(**settings))

    def put(self, message: EmailMessage) -> int:
        return self.box.put("INBOX", message.as_bytes())


@pytest.fixture
def box():
    with Postbox() as opened:
        yield opened


@pytest.fixture
async def desk(box):
    with Letterbox() as letterbox:
        async with Door([f"127.0.0.1:{box.port}"]) as door:
            yield Desk(letterbox, box, door)


def reply_to(sent: EmailMessage, text: str, *, html: str | None = None, **headers: str) -> EmailMessage:
    """What a mail program makes of « Répondre »."""
    made = EmailMessage()
    made["From"] = "Agente <agente@ville.example.fr>"
    made["To"] = sent["Reply-To"]
    made["Subject"] = f"Re: {sent['Subject']}"
    made["Message-ID"] = "<reply-1@ville.example.fr>"
    made["In-Reply-To"] = made["References"] = sent["Message-ID"]
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(text)
    if html is not None:
        made.add_alternative(html, subtype="html")
    return made


def one_sent() -> tuple[str, EmailMessage]:
    """The number and the message of a delivery, without sending it."""
    name = marks.name_of("a delivery")
    mark = marks.make(KEY, name)
    made = EmailMessage()
    for header, value in asking.headers(REPLIES, mark, "hub@ville.example.fr").items():
        made[header] = value
    made["Subject"] = f"Demande [{mark}]"
    return number_of(name, "ville.example.fr"), made


def understood(content: bytes | EmailMessage, **settings: Any) -> tuple[Kind, Returned | Posted | None]:
    """What a message is, and what it tells."""
    raw = content if isinstance(content, bytes) else content.as_bytes()
    letter = letters.read(raw, [KEY])
    replies = REPLIES.model_copy(update=settings)
    return letter.kind, answering.read(letter, replies, number_of(letter.name, "ville.example.fr"), datetime.now(UTC))


async def test_the_message_says_how_to_answer_and_bears_a_mark_wherever_programs_keep_it(desk):
    number, sent = await desk.send()
    address = sent["Reply-To"].addresses[0]
    local, _, mark = address.username.partition("+")
    assert (local, address.domain, len(address.username) <= 64) == ("reponses", "ville.example.fr", True)
    assert sent["Message-ID"] == f"<{mark}@ville.example.fr>"
    assert sent["Subject"].endswith(f"[{mark}]")
    text = sent.get_content()
    assert text.startswith("--- Répondez au-dessus de cette ligne ---")
    assert "« TRAITÉ »" in text and "transmis à la personne" in text
    assert mark not in number


async def test_a_command_is_a_status_and_what_follows_is_for_the_person(desk):
    number, sent = await desk.send()
    desk.put(reply_to(sent, "Refusé : la parcelle est en zone agricole.\n\nVoyez le service Urbanisme.\n"))
    polled = await desk.poll()
    [(external_id, returned)] = polled.returned
    assert (external_id, returned.status, returned.business_label) == (number, "refused", "REFUSÉ")
    assert returned.business_code == "REFUSE"
    assert returned.message == "la parcelle est en zone agricole.\nVoyez le service Urbanisme."
    assert returned.occurred_at == desk.box.clock.now()
    assert (polled.posted, polled.refused) == ([], [])


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("TRAITÉ", "closed"),
        ("traite.", "closed"),
        ("*Traité*", "closed"),
        ("En cours", "in_progress"),
        ("COMPLÉMENT : il manque le plan", "more_information_needed"),
        ("Traité ce matin par l’équipe", None),
        ("Refusé de répondre", None),
        ("Bonjour", None),
    ],
)
def test_only_a_line_that_is_a_command_is_one(line, status):
    kind, told = understood(reply_to(one_sent()[1], f"{line}\n"))
    assert kind is Kind.REPLY
    if status is None:
        assert isinstance(told, Posted) and told.body == line
    else:
        assert isinstance(told, Returned) and told.status == status


async def test_other_words_are_a_message_to_the_person_without_the_quote(desk):
    number, sent = await desk.send()
    quoted = "".join(f"> {line}\n" for line in sent.get_content().splitlines())
    desk.put(
        reply_to(sent, f"Bonjour,\n\nNous passons mardi.\n\n-- \nVoirie\n\nLe 28/11 à 9 h, hub a écrit :\n{quoted}")
    )
    [(external_id, posted)] = (await desk.poll()).posted
    assert (external_id, posted.body) == (number, "Bonjour,\n\nNous passons mardi.")


@pytest.mark.parametrize("kept", ["To", "In-Reply-To", "References", "Subject"])
def test_one_of_the_places_of_the_mark_is_enough(kept):
    number, sent = one_sent()
    bare = {"To": "reponses@ville.example.fr", "In_Reply_To": "<x@y>", "References": "<x@y>", "Subject": "Réponse"}
    others = {name: value for name, value in bare.items() if name.replace("_", "-") != kept}
    made = reply_to(sent, "TRAITÉ", **others)
    if kept == "To":
        made.replace_header("To", str(sent["Reply-To"]).upper())
    assert understood(made)[1].external_id == number


async def test_a_mark_cannot_be_made_for_another_case(desk):
    number, sent = await desk.send()
    other = marks.name_of("another delivery")
    forged = marks.make("another key, long enough", other)
    mark = sent["Message-ID"].strip("<>").partition("@")[0]
    altered = ("b" if mark[3] == "a" else "a").join([mark[:3], mark[4:]])
    for bad in (forged, altered, other.hex(), number.strip("<>")):
        bare = {"In_Reply_To": "<x@y>", "References": "<x@y>", "Subject": f"Re: [{bad}]"}
        desk.put(reply_to(sent, "TRAITÉ", To=f"reponses+{bad[:50]}@ville.example.fr", **bare))
    polled = await desk.poll()
    assert (polled.returned, polled.posted, polled.refused) == ([], [], [])
    assert [each.flags for each in desk.box.messages("INBOX")] == [set()] * 4


async def test_during_a_change_of_key_both_marks_are_read(desk):
    number, sent = await desk.send()
    desk.put(reply_to(sent, "TRAITÉ"))
    secrets = SECRETS | {"new_key": "a new key that signs them"}
    polled = await desk.poll(secrets=secrets, poll={"keys": ["new_key", "reply_key"]})
    assert [external_id for external_id, _ in polled.returned] == [number]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"Subject": "Réponse automatique : Demande"},
        {"Subject": "Out of Office: Demande"},
    ],
)
def test_an_automatic_answer_is_no_answer(headers):
    assert understood(reply_to(one_sent()[1], "TRAITÉ", **headers))[0] is Kind.AUTOMATIC


async def test_an_automatic_answer_is_put_away_and_tells_nothing(desk):
    _, sent = await desk.send()
    desk.put(reply_to(sent, "TRAITÉ", Auto_Submitted="auto-replied"))
    polled = await desk.poll()
    assert (polled.returned, polled.posted, polled.refused) == ([], [], [])
    await desk.poll(polled.cursor)
    assert len(desk.box.messages("Lus")) == 1


REPORT = """From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: hub@ville.example.fr
Subject: Undelivered Mail Returned to Sender
Message-ID: <report@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={type}; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

TRAITÉ. I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/{type}

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; voirie@ville.example.fr
Action: {action}
Status: {status}

--b
Content-Type: {returned}

From: hub@ville.example.fr
Message-ID: {id}
Subject: Demande

--b--
"""


def report(sent: EmailMessage, **changes: str) -> bytes:
    facts = {"type": "delivery-status", "action": "failed", "status": "5.1.1", "returned": "text/rfc822-headers"}
    return REPORT.format(**facts | changes, id=sent["Message-ID"]).encode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "n’existe pas ou plus (5.1.1)"),
        ({"returned": "message/rfc822"}, "n’existe pas"),
        ({"status": "5.2.2"}, "pleine"),
        ({"status": "5.7.1"}, "refuse notre courrier"),
        ({"status": "4.4.7"}, "remis à temps"),
        ({"status": "5.0.0 (odd)"}, "le refuse (5.0.0)"),
    ],
)
def test_a_bounce_has_its_reason(changes, words):
    letter = letters.read(report(one_sent()[1], **changes), [KEY])
    assert (letter.kind, letter.name) == (Kind.BOUNCE, marks.name_of("a delivery"))
    assert letter.why.startswith("Le courriel est revenu : ") and words in letter.why


async def test_a_bounce_is_a_refusal_and_never_an_answer(desk):
    number, sent = await desk.send()
    desk.box.put("INBOX", report(sent))
    polled = await desk.poll()
    assert [external_id for external_id, _ in polled.refused] == [number]
    assert (polled.returned, polled.posted) == ([], [])


@pytest.mark.parametrize(
    "changes",
    [{"action": "delayed", "status": "4.4.7"}, {"action": "delivered"}, {"type": "disposition-notification"}],
)
def test_a_report_that_is_no_failure_changes_nothing(changes):
    assert letters.read(report(one_sent()[1], **changes), [KEY]).kind is Kind.NOTICE


def test_a_bounce_that_follows_no_standard_is_a_bounce():
    _, sent = one_sent()
    text = f"Hi. This is the qmail-send program.\n\n--- Below is a copy.\n\nMessage-ID: {sent['Message-ID']}\n"
    bare = {"To": "hub@ville.example.fr", "In_Reply_To": "<x@y>", "References": "<x@y>", "Subject": "failure notice"}
    returned = reply_to(sent, text, From="MAILER-DAEMON@mx.example.net", **bare)
    assert letters.read(returned.as_bytes(), [KEY]).kind is Kind.BOUNCE


async def test_joined_files_are_refused_with_words(desk):
    _, sent = await desk.send()
    made = reply_to(sent, "Voici le plan.")
    made.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="plan.pdf")
    desk.put(made)
    [(_, posted)] = (await desk.poll()).posted
    assert posted.body.startswith("Voici le plan.\n\n[1 fichier joint à la réponse")
    assert "plan.pdf" not in posted.body


async def test_words_kept_for_the_service_are_not_told_and_what_says_nothing_stays_unread(desk):
    _, sent = await desk.send(poll={"forward_text": False})
    desk.put(reply_to(sent, "TRAITÉ\nEntre nous : c’était facile."))
    desk.put(reply_to(sent, "Une question interne."))
    polled = await desk.poll(poll={"forward_text": False})
    assert [(each.status, each.message) for _, each in polled.returned] == [("closed", None)]
    assert polled.posted == []
    await desk.poll(polled.cursor, poll={"forward_text": False})
    assert (len(desk.box.messages("INBOX")), len(desk.box.messages("Lus"))) == (1, 1)


async def test_without_a_mailbox_nothing_is_added_nor_read(desk):
    event = EVENTS.make(data={"documents": []})
    context = desk.context(event)
    plain = make_context(
        Configuration(sender="hub@ville.example.fr", to="voirie@ville.example.fr"), mail=context.mail, event=event
    )
    assert (await CONNECTOR.deliver(event, plain)).external_id.startswith("<")
    message = message_from_bytes(desk.letterbox.messages[-1], policy=policy.default)
    assert message["Reply-To"] is None
    assert "Répondez" not in message.get_content()
    assert await CONNECTOR.poll("here", plain) == Polled("here")


@pytest.mark.parametrize("secrets", [{"mailbox_password": PASSWORD}, {**SECRETS, "reply_key": "short"}])
async def test_a_missing_or_weak_key_sends_nothing(desk, secrets):
    event = EVENTS.make(data={"documents": []})
    outcome = await CONNECTOR.deliver(event, desk.context(event, secrets=secrets))
    assert (outcome.kind, "« reply_key »" in outcome.message) == (OutcomeKind.FIX_CONFIGURATION, True)
    assert desk.letterbox.messages == []
    with pytest.raises(DoorError, match="reply_key"):
        await desk.poll(secrets=secrets)
