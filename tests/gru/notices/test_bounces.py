"""E-mails that come back: read by IMAP, put on the notice and the address, a task of the team until dealt with."""

import pytest
from django.utils import timezone
from tests.gru.conftest import log_in
from tests.gru.notices import imap

from etoile.gru.access.models import Role
from etoile.gru.access.services import place
from etoile.gru.cases import services as cases
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.lists import groups
from etoile.gru.cases.lists.groups import Group
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import History
from etoile.gru.cases.queries import agent_case, chain_is_whole
from etoile.gru.counter.models import Letter
from etoile.gru.notices import mail, services, wishes
from etoile.gru.notices.bounces import dsn, mailbox
from etoile.gru.notices.bounces import services as bounces
from etoile.gru.notices.models import Address, Bounce, Notice

POSTFIX = """From: MAILER-DAEMON@mx.example
To: retours@ville.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that camille@exemple.fr does not exist.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; camille@exemple.fr
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {diagnostic} <camille@exemple.fr>: unknown

--b
Content-Type: {joined}

Message-ID: {message}
Subject: Votre demande

--b--
"""


def report(message, *, action="failed", status="5.1.1", diagnostic="5.1.1", joined="message/rfc822"):
    return POSTFIX.format(message=message, action=action, status=status, diagnostic=diagnostic, joined=joined).encode()


@pytest.fixture
def box(settings):
    with imap.serving() as found:
        settings.BOUNCES_URL = found.url
        yield found


@pytest.fixture
def sent(town, monkeypatch):
    """A request whose receipt left."""
    monkeypatch.setattr(mail, "deliver", lambda message: None)
    case = town.submit()
    notice = Notice.objects.get()
    services.send(notice.pk)
    return case, notice


OURS = "<01a223f1-a5f0-7345-acc2-34250dfcd824@ville.example>"


@pytest.mark.parametrize(
    ("content", "statuses"),
    [
        (report(OURS), ["5.1.1"]),
        (report(OURS, joined="text/rfc822-headers", status="4.4.7"), ["4.4.7"]),
        (report(OURS, status="", diagnostic="5.2.2"), ["5.2.2"]),
        (report(OURS, status="", diagnostic=""), ["5.0.0"]),
        (report(OURS, action="delayed", status="4.4.1"), []),
        (report(OURS, action="delivered", status="2.0.0"), []),
        (report("<autre@ailleurs.example>"), []),
        (report(OURS)[:520], []),
        (b"From: camille@exemple.fr\n\nJe suis en vacances, " + OURS.encode(), []),
        (b"\xff\x00", []),
    ],
)
def test_only_a_report_of_failure_about_a_notice_of_ours_is_a_return(content, statuses):
    assert [each.status for each in dsn.read(content)] == statuses


def test_what_came_back_is_on_the_notice_the_address_the_case_and_told_to_the_team_once(town, sent, box):
    case, notice = sent
    box.messages = [b"Subject: en vacances\n\nBonjour", report(notice.message_id), report(notice.message_id)]
    assert [mailbox.read_returns(box.url) for _ in range(2)] == [1, 0]
    assert box.seen == {1, 2, 3}
    box.seen.clear()
    assert mailbox.read_returns(box.url) == 0, "killed before the mark: read again, and nothing more"
    notice.refresh_from_db()
    assert (notice.state, Bounce.objects.get().status) == ("bounced", "5.1.1")
    assert Address.objects.get().failed_at is not None
    assert Notice.objects.filter(template="notice_returned").count() == 1
    row = History.objects.get(verb="notice_bounced")
    assert row.detail == {"template": "registration_receipt", "status": "5.1.1"}
    assert chain_is_whole(town.case(case))
    assert not agent_case(town.agent, case.pk).recourse_enforceable
    scope = scope_of(town.agent)
    assert groups.counts([Group.RETURNED], scope, timezone.localdate(), most=10) == {Group.RETURNED: 1}
    with pytest.raises(mailbox.MailboxUnavailable):
        mailbox.read_returns(box.url.replace("un%20mot", "faux"))


def test_all_of_a_return_is_recorded_or_nothing(town, sent, monkeypatch):
    _case, notice = sent
    monkeypatch.setattr("etoile.gru.cases.telling.tell_team", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        bounces.record(dsn.Returned(notice.pk, "5.1.1"))
    notice.refresh_from_db()
    assert (notice.state, Bounce.objects.count(), Address.objects.count()) == ("sent", 0, 0)


def test_a_corrected_address_receives_what_had_come_back(client, town, sent):
    case, notice = sent
    bounces.record(dsn.Returned(notice.pk, "5.1.1"))
    log_in(client, town.agent)
    here = f"/agents/demandes/{case.pk}/"
    page = client.get(here).content.decode()
    assert "La personne n’a pas reçu nos courriels" in page and "cette adresse n’existe pas" in page
    wrong = client.post(f"{here}courriel/", {"courriel-version": 2, "courriel-email": "camille"})
    assert wrong.status_code == 422
    assert (
        "Nos courriels ne parviennent plus à c…@example.org"
        in client.get(f"/suivi/{case.tracking_key}/").content.decode()
    )
    given = {"courriel-version": town.case(case).version, "courriel-email": "neuve@exemple.fr"}
    assert client.post(f"{here}courriel/", given).status_code == 302
    again = Notice.objects.filter(template="registration_receipt").latest("created_at")
    services.send(again.pk)
    assert (again.recipient_email, again.context) == ("neuve@exemple.fr", notice.context)
    assert town.case(case).contact_email == "neuve@exemple.fr"
    assert agent_case(town.agent, case.pk).recourse_enforceable
    assert "n’a pas reçu nos courriels" not in client.get(here).content.decode()
    assert "neuve@exemple.fr" not in str(list(History.objects.values_list("detail", flat=True)))
    with pytest.raises(CaseError, match="déjà occupé"):
        cases.settle(case.pk, town.agent, by_letter=True)
    with pytest.raises(Incomplete):
        cases.correct_email(case.pk, town.agent, "neuve")
    place(town.agent, {town.team: [Role.READER]})
    assert client.post(f"{here}courriel/", given).status_code == 403


def test_without_another_address_letters_are_printed(town, sent):
    case, notice = sent
    bounces.record(dsn.Returned(notice.pk, "4.4.7"))
    assert not Address.objects.exists(), "the server gave up: the address may be good"
    cases.settle(case.pk, town.agent, by_letter=True)
    assert Letter.objects.get().notice_id == notice.pk
    assert not bounces.open_of(case.pk)


def test_a_digest_that_comes_back_is_each_notice_it_held(town, sent):
    case, notice = sent
    digest = services.send_later(
        town.authority, services.Recipient("", notice.recipient_email), "digest", {"items": []}
    )
    Notice.objects.filter(pk=digest.pk).update(state="sent")
    Notice.objects.filter(pk=notice.pk).update(state="grouped", digest=digest)
    assert bounces.record(dsn.Returned(digest.pk, "5.1.1")) == 1
    assert bounces.open_of(case.pk)[0].notice_id == notice.pk


def test_an_address_is_forgotten_with_the_last_notice_about_it(town, sent):
    wishes.choose(town.authority, sent[1].recipient_email, wishes.Wish.LEGAL)
    wishes.choose(town.authority, "parti@exemple.fr", wishes.Wish.LEGAL)
    assert wishes.forget_unused() == 1
    assert wishes.wish_of(town.authority, sent[1].recipient_email) == wishes.Wish.LEGAL
