"""Somebody who tries everything: each step is refused, and told in the audit log of the authority that was tried."""

import time
import uuid
from dataclasses import replace

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.gru.conftest import log_in, make_town

from etoile.gru.access import factors, refusals, sessions
from etoile.gru.access.models import Authority
from etoile.gru.audit import pace
from etoile.gru.audit.models import Entry
from etoile.gru.identity import platforms
from etoile.gru.notices.models import Notice
from etoile.runtime import totp

PASSWORD = "une phrase assez longue"
SECRET = "DEMOETOILESECRETDEMONSTRATION234"
ELSEWHERE = {"host": "localhost"}


class Attack:
    """`told()`: what the audit log says since it was last asked, as action, subject and whose log."""

    def __init__(self) -> None:
        self.seen = 0

    def told(self):
        lines = list(Entry.objects.filter(pk__gt=self.seen).order_by("pk"))
        self.seen = lines[-1].pk if lines else self.seen
        return [(each.action, each.subject, each.authority_id) for each in lines]


@pytest.fixture
def attack(town):
    cache.clear()
    Authority.objects.filter(pk=town.authority.pk).update(host="testserver")
    town.agent.set_password(PASSWORD)
    town.agent.save()
    factors.give(town.agent, SECRET)
    yield Attack()
    cache.clear()


@pytest.mark.exigence("ASVS 16.3.2")
def test_each_step_of_an_attack_is_refused_and_written_down(town, attack, client, monkeypatch):
    other = make_town("21490998800012", "autre")
    Authority.objects.filter(pk=other.authority.pk).update(host="localhost")
    here, there, agent = town.authority.pk, other.authority.pk, town.agent
    case, mails = town.submit(), Notice.objects.count()

    # The reference of somebody else, with one's own e-mail: the page says what it says to everyone.
    given = {"reference": case.reference, "email": "pirate@example.org"}
    assert client.post("/suivi/", given).status_code == 200
    assert Notice.objects.count() == mails
    assert attack.told() == [("refused.key", "suivi/", here)]

    # A key that was guessed, and a true one under the host of another authority.
    follow = "suivi/<str:key>/"
    assert client.get("/suivi/abcdefghijklmnopqrstuvwxyz1/").status_code == 404
    assert attack.told() == [("refused.key", follow, here)]
    assert client.get(f"/suivi/{case.tracking_key}/", headers=ELSEWHERE).status_code == 404
    assert attack.told() == [("refused.key", follow, there)]

    # An agent of another authority, by each identifier that could be theirs.
    away = Client(headers=ELSEWHERE)
    log_in(away, other.agent)
    assert away.get(f"/agents/demandes/{case.pk}/").status_code == 404
    assert away.get(f"/agents/demandes/{case.pk}/documents/{uuid.UUID(int=7)}/").status_code == 404
    assert away.get("/agents/administration/agents/").status_code == 403
    assert [(action, whose) for action, _route, whose in attack.told()] == [("refused.page", there)] * 3
    assert away.get(f"/agents/demandes/{case.pk}/").status_code == 404
    assert attack.told() == [], "the same again within ten minutes"

    # An answer of a platform that was never asked, or that has served.
    known = replace(
        settings.IDENTITY, proconnect=platforms.proconnect("http://127.0.0.1:9/api/v2", "town", "s" * 40, "RS256")
    )
    monkeypatch.setattr(settings, "IDENTITY", known)
    forged = client.get(reverse("proconnect:back"), {"state": "volé", "code": "volé"})
    assert forged.status_code in (400, 403)
    assert not client.session.get("_auth_user_id")
    assert [(action, whose) for action, _which, whose in attack.told()] == [("identity.refused", here)]

    # A wrong password; the right one with a code that has served; a session that its owner has ended.
    signing, code = reverse("backoffice:sign-in"), reverse("backoffice:code")
    client.post(signing, {"username": agent.email, "password": "non"})
    assert attack.told() == [("agent.sign_in_refused", agent.email, here)]
    with time_machine.travel("2026-11-28T12:00:00Z", tick=False):
        seen = totp.code_at(SECRET, totp.step_of(time.time()))
        for browser, status in ((client, 302), (Client(), 422)):
            browser.post(signing, {"username": agent.email, "password": PASSWORD})
            assert browser.post(code, {"code": seen}).status_code == status
        assert [action for action, *_rest in attack.told()] == ["agent.signed_in", "agent.code_refused"]
        sessions.end(agent, by=agent)
        attack.told()
        assert client.get("/agents/").url.startswith(signing)
    assert attack.told() == [("refused.session", "", here)]


@pytest.mark.exigence("ASVS 16.3.1")
def test_whoever_knocks_without_end_fills_no_table_and_tells_no_account(town, attack, client, monkeypatch):
    monkeypatch.setattr(pace, "MOST_LINES", 3)
    for number in range(5):
        refusals.of_sign_in(town.authority, None)
        client.get(f"/suivi/abcdefghijklmnopqrstuvwxy{number}/")
    assert [action for action, *_rest in attack.told()].count("agent.sign_in_refused") == 3
    client.post(reverse("backoffice:sign-in"), {"username": "inconnu@example.org", "password": PASSWORD})
    assert not Entry.objects.filter(subject__contains="inconnu").exists()
