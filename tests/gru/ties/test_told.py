"""Who is told of a request made under a mandate: who made it while it is in force, its principal afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from tests.gru.conftest import APPLICANT, log_in
from tests.gru.ties.test_mandates import CUTS, SACHA, account, change, ended, held, sent, tie, two

from etoile.gru.accounts.models import OwnRequest, PersonAccount
from etoile.gru.cases import telling
from etoile.gru.cases.errors import Incomplete
from etoile.gru.cases.models import History
from etoile.gru.cases.unreached import correct_email, settle
from etoile.gru.counter import letters
from etoile.gru.notices import digests, mail, services
from etoile.gru.notices.models import Bounce, Notice

__all__ = ["held", "two"]

CAMILLE = "camille.martin@exemple.fr"


@pytest.fixture
def left(monkeypatch):
    """The messages that were handed to the mail server."""
    gone = []
    monkeypatch.setattr(mail, "deliver", gone.append)
    return gone


@pytest.fixture
def case(town, held, left):
    """Made by Sacha in the name of Camille; its receipt left."""
    made = sent(town, held[1], applicant={**APPLICANT, "given_names": "Sacha", "family_name": "Petit", "email": SACHA})
    send()
    assert left[-1].to == [SACHA] and "Sacha Petit" in left[-1].body
    left.clear()
    return made


def send():
    """All that waits, and what comes of it."""
    for _turn in range(2):
        for each in Notice.objects.filter(state="created").order_by("pk"):
            services.send(each.pk)


def tell(case, template="decision"):
    telling.tell(case, template)
    send()


def test_what_is_said_once_the_mandate_is_over_goes_to_its_principal_and_never_to_who_held_it(case, left, subtests):
    kept = {name: getattr(tie(), name) for name in
            ("begins_on", "ends_on", "ended_at", "detail", "source", "level", "expires_at")}  # fmt: skip
    for name, cut in CUTS.items():
        change(**kept)
        tell(case)
        assert left.pop().to == [SACHA]
        telling.tell(case, "decision")
        cut()
        with subtests.test(name):
            left.clear()
            send()
            assert [each.to for each in left] == [[CAMILLE]]
            assert "Camille" in left[0].body and "Sacha" not in left[0].body


def test_a_principal_who_cannot_be_written_to_is_a_task_of_the_team(town, case, left, client):
    PersonAccount.objects.filter(email=CAMILLE).update(email="")
    ended()
    tell(case)
    assert [each.to for each in left] == [["etat-civil@valmont.example"]] and "n’a pas" in left.pop().body
    assert "refusé" not in str(Notice.objects.get(template="notice_returned").context)
    log_in(client, town.agent)
    assert "mandat" in client.get(f"/agents/demandes/{case.pk}/").content.decode()
    with pytest.raises(Incomplete, match="mandat"):
        correct_email(case.pk, town.agent, SACHA.upper())
    # Sent by hand, it goes to the principal too.
    settle(case.pk, town.agent, by_letter=True)
    assert letters.recipient(town.case(case))[0] == "Camille Martin"
    tell(case)
    left.clear()
    correct_email(case.pk, town.agent, "camille@ailleurs.example")
    tell(case, "decision")
    assert [each.to for each in left] == [["camille@ailleurs.example"]] * 2
    assert all("Sacha" not in each.body for each in left)
    assert Bounce.objects.filter(handled_at=None).count() == 0
    assert "ailleurs" not in str(list(History.objects.values_list("detail", flat=True)))


def test_a_digest_tells_nobody_of_a_request_that_is_no_longer_theirs(town, case, left, settings):
    settings.NOTICE_LIMIT = 0
    change(begins_on=None)
    evening = datetime(2026, 11, 24, 20, tzinfo=UTC)
    own = town.submit(applicant={**APPLICANT, "email": SACHA})
    with time_machine.travel(evening, tick=False):
        for each in (own, case):
            tell(each, "document_received")
    assert digests.send_due(evening + timedelta(hours=12)) == 1
    digest = Notice.objects.get(template="digest")
    left.clear()
    ended()
    services.send(digest.pk)
    assert left == [], "what had waited for the mail server"
    settings.NOTICE_LIMIT = 9
    assert digests.send_due(evening + timedelta(hours=13)) == 1
    send()
    assert sorted(each.to[0] for each in left) == [CAMILLE, SACHA]
    for each in left:
        assert (case.tracking_key in each.body) == (each.to == [CAMILLE])
        assert (own.tracking_key in each.body) == (each.to == [SACHA])
    assert digests.send_due(evening + timedelta(hours=36)) == 0


def test_the_link_is_sent_again_to_who_may_open_it_and_keeps_nothing_for_who_may_not(case, left, held, client):
    ask = {"reference": case.reference, "email": SACHA}
    client.post("/suivi/", ask)
    send()
    assert left.pop().to == [SACHA]
    OwnRequest.objects.all().delete()
    ended()
    client.post("/suivi/", ask)
    send()
    assert left == [] and Notice.objects.filter(state="bounced").count() == 0
    client.post("/suivi/", {**ask, "email": CAMILLE.title()})
    send()
    assert left.pop().to == [CAMILLE]
    held[1].post(f"/suivi/{case.tracking_key}/mon-espace/")
    held[1].post("/mon-espace/ajouter/", {"link": case.tracking_key})
    assert not OwnRequest.objects.filter(account=account(SACHA)).exists()
