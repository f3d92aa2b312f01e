"""How long a session of an agent lasts, and what becomes of what they were sending when it ended."""

import re
import time
from unittest.mock import Mock

import pytest
import time_machine
from django.test import Client, RequestFactory
from tests.gru.conftest import log_in, make_agent

from etoile.gru.access import factors, sessions, unsent, watching
from etoile.gru.access.models import LateForm
from etoile.gru.cases.models import Message
from etoile.gru.desk.models import Reply
from etoile.runtime import totp

PASSWORD = "une phrase assez longue"
SECRET = "DEMOETOILESECRETDEMONSTRATION234"
NOON, MINUTE = "2026-11-28T12:00:00+00:00", 60
SIGNING, CODE, RESUME = "/agents/connexion/", "/agents/connexion/code/", "/agents/reprise/"
HOME = "/agents/absences/"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def alix(town):
    town.agent.set_password(PASSWORD)
    town.agent.save()
    factors.give(town.agent, SECRET)
    return town.agent


def enter(browser, account, following=HOME):
    browser.post(SIGNING, {"username": account.email, "password": PASSWORD, "next": following})
    return browser.post(CODE, {"code": totp.code_at(SECRET, totp.step_of(time.time()))})


@pytest.mark.exigence("ASVS 7.3.1")
@pytest.mark.exigence("ASVS 7.3.2")
def test_a_session_ends_when_nobody_is_there_and_after_a_working_day(client, alix, clock):
    enter(client, alix)
    for _visit in range(6):
        clock.shift(119 * MINUTE)
        assert client.get(HOME).status_code == 200
    assert "Session ouverte jusqu’à" in client.get(HOME).content.decode()
    clock.shift(6 * MINUTE)
    assert client.get(HOME).url.startswith(SIGNING), "twelve hours after it began"
    enter(client, alix)
    assert client.get(HOME).status_code == 200
    clock.shift(121 * MINUTE)
    assert client.get(HOME).url.startswith(SIGNING)


def test_being_there_costs_a_statement_a_minute_at_most(client, alix, clock, django_assert_num_queries):
    enter(client, alix)
    client.get(HOME)
    session = client.session
    session.get("opened")
    with django_assert_num_queries(0):
        sessions.stretch(session)
    clock.shift(2 * MINUTE)
    with django_assert_num_queries(1):
        sessions.stretch(session)
        sessions.stretch(session)


def test_what_was_sent_too_late_is_given_back_to_its_author_and_to_nobody_else(client, town, alix, clock):
    case = town.submit()
    messages, text = f"/agents/demandes/{case.pk}/messages/", "Votre dossier est complet, merci."
    enter(client, alix)
    page = client.get(f"/agents/demandes/{case.pk}/").content.decode()
    form = page.partition(f'action="{messages}"')[2].partition("</form>")[0]
    typed = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', form))
    body = re.search(r'<textarea[^>]*name="([\w-]+)"', form)[1]
    clock.shift(121 * MINUTE)
    other = Client()
    late = client.post(messages, {**typed, body: text})
    assert late.url == f"{SIGNING}?next={RESUME}"
    assert not Message.objects.exists()
    assert "est gardé" in client.get(late.url).content.decode()
    assert enter(client, alix, RESUME).url == RESUME
    page = client.get(RESUME).content.decode()
    assert text in page
    assert text not in bytes(LateForm.objects.get().sealed).decode("latin1")
    log_in(other, make_agent(town.authority, town.team, "lou@valmont.example"))
    assert text not in other.get(RESUME).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    sent_on = {**hidden, "unsent-send": "1"}
    assert other.post(RESUME, sent_on).status_code == 302, "somebody else's number names nothing"
    again = client.post(RESUME, sent_on)
    assert (again.status_code, again["Location"]) == (307, messages)
    assert client.post(messages, sent_on).status_code == 302
    assert Message.objects.get().body == text
    assert "rien à reprendre" in client.get(RESUME).content.decode(), "what is sent on is kept no more"


def late(account, path, **fields):
    assert unsent.keep(RequestFactory().post(path, fields), sessions.holder(account), never=())
    return {"unsent": str(LateForm.objects.latest("pk").pk), "unsent-send": "1", **fields}


def test_what_is_sent_on_is_kept_until_its_page_has_accepted_it_and_done_once(client, town, alix, clock, monkeypatch):
    case, path, fields = (
        town.submit(),
        "/agents/reponses/nouvelle/",
        {"use": "message", "name": "Complet", "body": "Merci à vous."},
    )
    enter(client, alix)
    late(alix, f"/agents/demandes/{case.pk}/messages/", body="Votre dossier est complet.")
    wrong, right = late(alix, path, **fields | {"name": ""}), late(alix, path, team=str(town.team.pk), **fields)
    assert client.post(path, wrong).status_code == 422
    page = client.get(RESUME).content.decode()
    assert f"Demande {case.reference}" in page and page.count(">Réponses types</h2>") == 2, "each by the page it is of"
    assert "Écrit à 13:00, gardé jusqu’à 14:00." in page and page.count("la page ne l’a pas accepté") == 1
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr("etoile.gru.access.unsent._sealed", Mock(side_effect=RuntimeError))
        client.post(path, right)
    assert not Reply.objects.exists(), "a process killed before all is written has done nothing"
    assert client.post(path, right).url == "/agents/reponses/"
    assert client.post(path, right).url == RESUME and Reply.objects.count() == 1
    page = client.get(RESUME).content.decode()
    assert "C’était déjà envoyé, à 13:00." in page and page.count(">Réponses types</h2>") == 1
    assert client.post(RESUME, right).url == RESUME, "nor is it sent on again"
    clock.shift(61 * MINUTE)
    unsent.forget()
    assert client.post(path, right).url == RESUME and Reply.objects.count() == 1
    assert "Revenez en arrière" in client.get(RESUME).content.decode()


def test_one_form_a_tab_is_kept_for_an_hour_and_dropped_when_told(client, alix, clock):
    enter(client, alix)
    for number in range(unsent.MOST + 2):
        late = RequestFactory().post("/agents/reponses/nouvelle/", {"body": f"Un texte assez long {number}"})
        assert unsent.keep(late, sessions.holder(alix), never=())
    page = client.get(RESUME).content.decode()
    assert "assez long 2" in page and "assez long 1" not in page, "the oldest ones leave"
    number = re.search(r'name="unsent" value="(\d+)"', page)[1]
    assert client.post(RESUME, {"unsent": number, "unsent-drop": "1"}).url == RESUME
    assert LateForm.objects.count() == unsent.MOST - 1
    clock.shift(61 * MINUTE)
    assert "rien à reprendre" in client.get(RESUME).content.decode()
    assert unsent.forget() == unsent.MOST - 1


LEFT, OVER = "/agents/session/", "/agents/session/fin/"


def whose(page):
    return re.search(r'data-whose="([^"]+)"', page)[1]


def test_a_page_is_told_how_long_is_left_and_whoever_is_there_makes_it_last(client, alix, clock):
    assert client.get(LEFT).json()["left"] == 0
    enter(client, alix)
    page = client.get(HOME).content.decode()
    assert 'data-left="7200" data-lasts="1"' in page and 'data-lead="300"' in page
    mine = {"X-Whose": whose(page)}
    clock.shift(116 * MINUTE)
    for _asked in range(2):
        said = client.get(LEFT, headers=mine).json()
        assert (said["left"], said["lasts"]) == (4 * MINUTE, True), "asking makes nothing last"
    assert client.post(LEFT, headers=mine).json()["left"] == 120 * MINUTE
    another = {"X-Whose": watching.signed("agent/0", "0")}
    assert client.get(LEFT, headers=another).json()["left"] == 0, "to the page of somebody else it is over"
    for _visit in range(5):
        clock.shift(119 * MINUTE)
        client.get(HOME)
    said = client.get(LEFT, headers=mine).json()
    assert (said["left"], said["lasts"]) == (9 * MINUTE, False), "twelve hours after it began, whoever is there"
    assert "au bout de 2 heures" in Client().get(SIGNING).content.decode()


def test_a_page_whose_session_is_over_leaves_with_what_was_being_typed(client, alix, clock):
    enter(client, alix)
    page = client.get(HOME).content.decode()
    left = {"watch-whose": whose(page), "watch-where": HOME, "watch-files": "1", "note": "Un texte à peine commencé"}
    assert client.post(OVER, left).status_code == 204, "it is not over: nothing is done, the page stays"
    clock.shift(121 * MINUTE)
    elsewhere = {**left, "watch-where": "https://ailleurs.example/"}
    assert client.post(OVER, elsewhere).url == f"{SIGNING}?next=/agents/"
    assert client.post(OVER, {**left, "note": "ok"}).url == f"{SIGNING}?next={HOME}", "nothing was typed"
    assert client.post(OVER, {**left, "current": "secret"}).url == f"{SIGNING}?next={HOME}"
    assert client.post(OVER, {**left, "watch-whose": "personne"}).url == f"{SIGNING}?next={HOME}"
    assert not LateForm.objects.exists()
    assert client.post(OVER, left).url == f"{SIGNING}?next={RESUME}", "its cookie may be gone, by another tab"
    enter(client, alix, RESUME)
    page = client.get(RESUME).content.decode()
    assert "peine commencé" in page and f'href="{HOME}"' in page and "choisir de nouveau" in page
    assert "Envoyer maintenant" not in page, "nobody had asked to send it"
    sessions.end(alix, by=alix)
    assert client.post(OVER, left).url == f"{SIGNING}?next={HOME}", "somebody closed that session"


def test_nothing_is_kept_of_a_session_that_was_closed_nor_of_what_proves_who_one_is(client, alix, clock):
    enter(client, alix)
    sessions.end(alix, by=alix)
    assert RESUME not in client.post("/agents/reponses/nouvelle/", {"body": "Un texte assez long"}).url
    clock.shift(MINUTE)
    enter(client, alix)
    clock.shift(121 * MINUTE)
    assert RESUME not in client.post("/agents/mot-de-passe/", {"old_password": PASSWORD}).url
