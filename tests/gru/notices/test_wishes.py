"""What people choose to receive, how much of it in a day, and what an e-mail may say of a discreet procedure."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from tests.gru.notices.test_mails import CONTEXT

from etoile.gru.notices import digests, discretion, kinds, links, mail, services, wishes, wording
from etoile.gru.notices.models import Address, Notice, Wish
from etoile.gru.notices.services import Recipient, send_later

TO = "Camille@exemple.fr"
LEGAL = ("registration_receipt", "document_asked", "decision", "implicit_decision", "transmitted")


@pytest.fixture
def left(monkeypatch):
    """The messages that were handed to the mail server."""
    gone = []
    monkeypatch.setattr(mail, "deliver", gone.append)
    return gone


@pytest.fixture
def tell(town):
    def told(template, to=TO, **context):
        notice = send_later(town.authority, Recipient("Camille", to), template, {**CONTEXT, **context})
        services.send(notice.pk)
        notice.refresh_from_db()
        return notice

    return told


def test_each_wish_lets_its_kinds_leave_and_never_holds_what_the_law_wants(town, tell, left):
    said = {Wish.EVERY_STEP: (), Wish.NEEDED: ("status_changed",), Wish.LEGAL: ("status_changed", "message_received")}
    for wish, held in said.items():
        wishes.choose(town.authority, TO.lower(), wish)
        for template in (*LEGAL, "tracking_link", "status_changed", "message_received"):
            notice = tell(template)
            assert notice.state == ("withheld" if template in held else "sent"), (wish, template)
    assert Address.objects.count() == 1
    assert tell("answer_near", to="service@ville.fr").state == "sent"


def test_an_email_offers_one_click_only_where_the_law_leaves_a_choice(town, tell, left):
    for template in ("decision", "status_changed", "tracking_link", "answer_near"):
        tell(template)
    decision, step, asked, team = left
    address = links.wishes_address(Notice.objects.get(template="status_changed"))
    assert step.extra_headers["List-Unsubscribe"] == f"<{address}arret>"
    assert step.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all("List-Unsubscribe" not in each.extra_headers for each in (decision, asked, team))
    assert address in step.body and "/courriels/" in decision.body
    assert "/courriels/" not in asked.body and "/courriels/" not in team.body


def test_the_signed_link_changes_the_wish_and_a_robot_that_follows_it_changes_nothing(town, tell, left):
    path = "/courriels/" + wishes.token_of(tell("status_changed")) + "/"
    client = Client(enforce_csrf_checks=True)
    page = client.get(path).content.decode()
    assert "C…@exemple.fr" in page and TO not in page
    assert client.get(f"{path}arret").status_code == 302
    assert wishes.wish_of(town.authority, TO) == Wish.EVERY_STEP
    assert client.post(f"{path}arret", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert wishes.wish_of(town.authority, TO) == Wish.LEGAL
    person = Client()
    assert person.post(path, {"wish": "all of it"}).status_code == 422
    assert person.post(path, {"wish": "needed"}).status_code == 302
    assert wishes.wish_of(town.authority, TO) == Wish.NEEDED
    for forged in ("0" * 32 + ".signature", path[11:-2], "rien"):
        assert person.get(f"/courriels/{forged}/").status_code == 404


def test_past_the_limit_of_a_day_notices_wait_for_one_digest_at_eight(town, tell, left, settings):
    settings.NOTICE_LIMIT = 2
    evening = datetime(2026, 11, 24, 20, tzinfo=UTC)
    case = town.submit()
    with time_machine.travel(evening, tick=False):
        # An agent who has a request of their own: what is said to the team does not count.
        tell("answer_near")
        states = [tell("message_received").state for _ in range(2)]
        late = send_later(town.authority, Recipient("C", TO.lower()), "status_changed", CONTEXT, case_id=case.pk)
        services.send(late.pk)
        states.append(tell("status_changed", reference="26-BBBB-2", discreet=True).state)
        states += [tell(template).state for template in LEGAL]
    assert states == ["sent", "sent", "grouped", *["sent"] * 5]
    assert digests.send_due(evening + timedelta(hours=10)) == 0, "seven in Paris"
    assert [digests.send_due(evening + timedelta(hours=12)) for _ in range(2)] == [1, 0]
    digest = Notice.objects.get(template="digest")
    services.send(digest.pk)
    body = left[-1].body
    assert "26-K7QM-3 – Inscription au périscolaire : 1 nouvelle" in body
    assert town.case(case).tracking_key in body
    assert "26-BBBB-2 : 1 nouvelle" in body
    assert "List-Unsubscribe" in left[-1].extra_headers
    assert set(Notice.objects.filter(state="grouped").values_list("digest", flat=True)) == {digest.pk}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_email_of_a_discreet_procedure_names_neither_it_nor_its_team(language):
    hidden = [CONTEXT[name] for name in ("service", "service_address", "service_email", "service_phone", "to")]
    hidden += [CONTEXT["procedure"][language], "brocante"]
    own = {"subject": {"fr": "brocante"}, "body": {"fr": "brocante"}}
    with translation.override(language):
        about_no_case = {
            "agent_invited",
            "directory_held",
            "records_asked",
            "space_joined",
            "space_parted",
            *services.PASSING,
        } - {"draft_link"}
        for template in set(wording.BUILDERS) - wording.TO_TEAMS - about_no_case:
            said = str(discretion.say_by_mail(template, {**CONTEXT, "discreet": True, "words": own}))
            assert [words for words in hidden if words in said] == [], template
            assert template in {"draft_link", "digest"} or CONTEXT["reference"] in said
        assert wording.say("registration_receipt", CONTEXT).facts[4][1] == CONTEXT["service_address"]
    with pytest.raises(wording.MissingMention):
        discretion.say_by_mail("registration_receipt", {**CONTEXT, "discreet": True, "service_phone": ""})


def test_every_notice_has_a_kind_and_a_new_one_is_of_those_that_reach_people():
    assert set(kinds._KINDS) <= set(wording.BUILDERS)
    assert kinds.kind_of("anything_new") == kinds.Kind.NEEDED
