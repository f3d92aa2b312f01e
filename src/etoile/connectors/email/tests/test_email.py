"""A team is told by e-mail, in plain words, once as far as its mail system can tell."""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from etoile.connectors.email import CONNECTOR
from etoile.connectors.email.configuration import Configuration, Replies
from etoile.connectors.email.connector import message_identifier
from etoile.connectors.email.double import KINDS, Letterbox
from etoile.sdk import Context, Door, MailDoor, OutcomeKind
from etoile.sdk.mail import smtp
from etoile.sdk.testing import EventFactory, assert_conforms, make_context, serve

FOLDER = Path(__file__).parent.parent
EVENTS = EventFactory()
ADDRESSES = {"sender": "hub@ville.example.fr", "to": "evenements@ville.example.fr"}


@pytest.fixture
def letterbox() -> Iterator[Letterbox]:
    with Letterbox() as opened:
        yield opened


@pytest.fixture
def event() -> Any:
    return EVENTS.make()


def context(letterbox: Letterbox | str, event: Any, **settings: Any) -> Context:
    url = letterbox if isinstance(letterbox, str) else letterbox.url
    configuration = Configuration.model_validate({**ADDRESSES, **settings})
    return make_context(configuration, mail=MailDoor(smtp(url, timeout=30)), event=event)


def read(content: bytes) -> Any:
    return message_from_bytes(content, policy=policy.default)


async def test_the_team_gets_the_reference_and_no_personal_value(letterbox, event):
    outcome = await CONNECTOR.deliver(event, context(letterbox, event))
    message = read(letterbox.messages[0])
    assert (outcome.kind, outcome.external_id) == (OutcomeKind.ACKNOWLEDGED, message["Message-ID"])
    assert (message["From"], message["To"]) == (ADDRESSES["sender"], ADDRESSES["to"])
    assert event.data["case"]["reference"] in message["Subject"]
    text = "\n".join(message.get_content().splitlines())
    assert text.startswith("Bonjour,\n\nLa demande ")
    applicant = event.data["applicant"]
    assert not any(value in text for value in (applicant["family_name"], applicant["email"]))


async def test_lines_are_computed_on_the_event(letterbox, event):
    lines = ["=event.data.procedure.title.fr", "", "==pas une formule"]
    await CONNECTOR.deliver(event, context(letterbox, event, subject="Écrit à la main", lines=lines))
    message = read(letterbox.messages[0])
    assert message["Subject"] == "Écrit à la main"
    assert message.get_content().splitlines() == [event.data["procedure"]["title"]["fr"], "", "=pas une formule"]


@pytest.fixture
def photo() -> Iterator[dict[str, Any]]:
    content = b"a photo"
    with serve(Response(content)) as url:
        described = {"id": "0198aaaa-0000-7000-8000-000000000001", "field": "photo", "name": "trou été.jpg"}
        described |= {"media_type": "image/jpeg", "size": len(content), "url": f"{url}/documents/1"}
        yield {**described, "sha256": hashlib.sha256(content).hexdigest()}


async def test_documents_are_joined_only_when_asked(letterbox, photo):
    event = EVENTS.make(data={"documents": [photo]})
    async with Door([photo["url"].split("/")[2]]) as door:
        for asked in (False, True):
            here = replace(context(letterbox, event, attach_documents=asked), http=door)
            assert (await CONNECTOR.deliver(event, here)).kind is OutcomeKind.ACKNOWLEDGED
    without, joined = (list(read(content).iter_attachments()) for content in letterbox.messages)
    assert without == []
    assert [(one.get_filename(), one.get_content()) for one in joined] == [("trou été.jpg", b"a photo")]


async def test_what_the_mapping_makes_is_joined_for_a_machine_to_read(letterbox, event):
    mapping = {"reference": "=event.data.case.reference", "libelle": "Été"}
    for chosen in (None, mapping):
        outcome = await CONNECTOR.deliver(event, replace(context(letterbox, event), mapping=chosen))
        assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    without, joined = (list(read(content).iter_attachments()) for content in letterbox.messages)
    assert without == []
    (file,) = joined
    reference = event.data["case"]["reference"]
    assert (file.get_filename(), file.get_content_type()) == (f"{reference}.json", "application/json")
    assert json.loads(file.get_content()) == {"reference": reference, "libelle": "Été"}


async def test_a_mapping_that_cannot_be_read_or_makes_too_much_sends_nothing(letterbox, event):
    for wrong in ({"quartier": "=event.data.absent.nom"}, {"tout": "x" * 8 * 2**20}):
        outcome = await CONNECTOR.deliver(event, replace(context(letterbox, event), mapping=wrong))
        assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
        assert "correspondance" in outcome.message
    assert letterbox.messages == []


async def test_documents_too_heavy_for_a_mail_are_told_not_sent(letterbox, photo):
    event = EVENTS.make(data={"documents": [{**photo, "size": 8 * 2**20}]})
    await CONNECTOR.deliver(event, context(letterbox, event, attach_documents=True))
    message = read(letterbox.messages[0])
    assert list(message.iter_attachments()) == []
    assert "trop lourdes" in message.get_content()


async def test_a_document_that_cannot_be_read_yet_sends_nothing(letterbox, photo):
    event = EVENTS.make(data={"documents": [{**photo, "url": "http://127.0.0.1:9/gone"}]})
    async with Door(["127.0.0.1:9"]) as door:
        here = replace(context(letterbox, event, attach_documents=True), http=door)
        outcome = await CONNECTOR.deliver(event, here)
    assert outcome.kind is OutcomeKind.RETRY
    assert letterbox.messages == []


async def test_a_repeat_carries_the_same_message_id_and_another_event_does_not(letterbox, event):
    other = EVENTS.make()
    for each in (event, event, other):
        await CONNECTOR.deliver(each, context(letterbox, each))
    first, again, different = (read(content)["Message-ID"] for content in letterbox.messages)
    assert first == again != different
    assert event.id not in first


async def test_what_a_person_wrote_cannot_add_a_header(letterbox):
    event = EVENTS.make(data={"answers": {"note": "ligne\r\nBcc: autre@example.org"}})
    outcome = await CONNECTOR.deliver(event, context(letterbox, event, subject="=event.data.answers.note"))
    message = read(letterbox.messages[0])
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    assert message["Bcc"] is None
    assert message["Subject"] == "ligne Bcc: autre@example.org"


@pytest.mark.parametrize(
    ("attribute", "answer", "kind"),
    [
        ("answer", "451 try later", OutcomeKind.RETRY),
        ("answer", "550 refused", OutcomeKind.FIX_CONFIGURATION),
        ("recipient_answer", "450 greylisted", OutcomeKind.RETRY),
        ("recipient_answer", "550 no such user", OutcomeKind.FIX_CONFIGURATION),
    ],
)
async def test_a_refusal_of_the_server_is_tried_again_or_for_a_human(letterbox, event, attribute, answer, kind):
    setattr(letterbox, attribute, answer)
    outcome = await CONNECTOR.deliver(event, context(letterbox, event))
    assert outcome.kind is kind
    assert letterbox.messages == []


@pytest.mark.parametrize("fault", sorted(KINDS))
async def test_each_fault_of_the_switch_is_named_and_the_next_attempt_is_one_message(letterbox, event, fault):
    retry, blocked = OutcomeKind.RETRY, OutcomeKind.FIX_CONFIGURATION
    others = {"refuse": OutcomeKind.FIX_DATA, "duplicate": OutcomeKind.ACKNOWLEDGED}
    expected = dict.fromkeys(("unauthorized", "forbidden", "not_found", "gone"), blocked) | others
    here = replace(context(letterbox, event), mail=MailDoor(smtp(letterbox.url, timeout=0.3)))
    letterbox.faults.set(fault)
    assert (await CONNECTOR.deliver(event, here)).kind is expected.get(fault, retry)
    letterbox.faults.set(None)
    assert (await CONNECTOR.deliver(event, here)).kind is OutcomeKind.ACKNOWLEDGED
    assert letterbox.distinct() == 1


async def test_a_server_that_is_down_is_tried_again(event):
    outcome = await CONNECTOR.deliver(event, context("smtp://127.0.0.1:9", event))
    assert (outcome.kind, outcome.message) == (OutcomeKind.RETRY, "Le serveur de messagerie ne répond pas.")


async def test_a_line_that_reads_an_absent_field_is_for_a_human(letterbox, event):
    outcome = await CONNECTOR.deliver(event, context(letterbox, event, lines=["=event.data.answers.nowhere"]))
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert letterbox.messages == []


async def test_the_check_reads_the_model_and_sends_nothing(letterbox, event):
    [good] = await CONNECTOR.check(context(letterbox, None))
    [bad] = await CONNECTOR.check(context(letterbox, None, lines=["=event..x"]))
    assert (good.ok, bad.ok) == (True, False)
    assert letterbox.messages == []


async def test_nothing_about_a_person_reaches_the_logs(letterbox, event, caplog):
    caplog.set_level(logging.DEBUG)
    for answer in ("250 OK", "550 refused"):
        letterbox.answer = answer
        lines = ["=event.data.applicant.family_name"]
        outcome = await CONNECTOR.deliver(event, context(letterbox, event, lines=lines))
        # "mail.log" is the simulated server's own.
        logged = " ".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
        assert event.data["applicant"]["family_name"] not in logged + outcome.detail + outcome.message


def test_the_message_id_is_the_one_recorded():
    recorded = json.loads((FOLDER / "fixtures" / "message_id.json").read_text())
    for each in recorded["cases"]:
        assert message_identifier(each["idempotency_key"], each["sender"]) == each["message_id"]


def test_the_manifest_and_the_help_page_tell_the_truth():
    assert_conforms(CONNECTOR)
    page = (FOLDER / "README.md").read_text()
    for name in (*Configuration.model_fields, *Replies.model_fields):
        assert f"`{name}`" in page
