"""« Mon espace »: who reads the mailbox comes in, nobody learns who has an account, a session is theirs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.accounts import passphrases, proofs, services, sessions
from etoile.gru.accounts.models import Link, OwnRequest, PersonAccount, PersonSession, Proof
from etoile.gru.audit.models import Entry
from etoile.gru.notices.models import Notice
from etoile.gru.people.models import Level
from tests.gru.conftest import log_in
from tests.gru.portal.journey import filled, started
from tests.gru.portal.space import EMAIL, OTHER, PHRASE, SPACE, asked, entrance, known, opened, people, said, signed_in


@pytest.fixture
def camille(town):
    return opened()


def test_an_account_is_an_address_that_was_proved_and_a_person_known_by_it_alone(town):
    browser = Client()
    address = asked(browser, "Camille.Martin@Exemple.fr")["Location"]
    assert PersonAccount.objects.count() == people() == 0
    assert browser.post(address, entrance(address))["Location"] == SPACE
    account = PersonAccount.objects.get()
    assert (account.email, account.authority) == (EMAIL, town)
    assert known(account) == {"email": (EMAIL, Level.CHECKED_BY_CODE)}
    assert browser.get(SPACE).status_code == 200
    assert Entry.objects.get(action="space.created").subject == str(account.pk)
    cookie = browser.cookies["espace"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["max-age"]


def test_who_asks_a_code_learns_nothing_of_the_address(town, django_assert_num_queries):
    opened()
    pages = []
    for email in (EMAIL, "personne@exemple.fr"):
        browser = Client()
        with django_assert_num_queries(9):
            answer = asked(browser, email)
        wrong = browser.post(answer["Location"], entrance(answer["Location"], code="0000 0000"))
        pages.append((said(browser.get(answer["Location"])), wrong.status_code, said(wrong)))
    (known, known_status, known_wrong), (unknown, status, wrong) = pages
    assert unknown.replace("personne@exemple.fr", EMAIL) == known
    assert (wrong.replace("personne@exemple.fr", EMAIL), status) == (known_wrong, known_status) and status == 422
    notices = Notice.objects.filter(template="account_code").order_by("-created_at")[:2]
    assert len({tuple(sorted(each.context)) for each in notices}) == 1
    code = proofs.code_of(Proof.objects.filter(email=EMAIL).latest("ends_at").pk)
    assert not any(code in str(each.context) for each in notices)


def test_a_wrong_address_and_a_wrong_passphrase_are_one_answer_and_one_slow_hash(camille, monkeypatch):
    hashed = []
    check = passphrases.hashers.check_password
    monkeypatch.setattr(passphrases.hashers, "check_password", lambda *each: hashed.append(1) or check(*each))
    answers = [signed_in(Client(), EMAIL, OTHER), signed_in(Client(), "personne@exemple.fr", OTHER)]
    assert [each.status_code for each in answers] == [422, 422]
    assert said(answers[1]).replace("personne@exemple.fr", EMAIL) == said(answers[0])
    assert len(hashed) == 2


WEAK = (
    "trop courte", "a" * 40, "1212121212121212121212", f"{EMAIL} oui", "x" * 201, "   ",
    "camille.martin camille.martin", "motdepasse2026!",
)  # fmt: skip


def test_a_weak_passphrase_is_refused_with_its_reason_and_the_code_still_serves(town):
    browser = Client()
    address = asked(browser)["Location"]
    for phrase in WEAK:
        answer = browser.post(address, entrance(address, phrase))
        assert answer.status_code == 422 and answer.context["form"].errors["passphrase"], phrase
    assert not PersonAccount.objects.exists()
    assert browser.post(address, entrance(address, "né à Valmont, l’été d’après")).status_code == 302


def test_a_code_serves_once_for_ten_minutes_and_ends_after_five_wrong_ones(town):
    browser = Client()
    used = asked(browser)["Location"]
    assert browser.post(used, entrance(used)).status_code == 302
    assert Client().post(used, entrance(used, OTHER)).status_code == 404
    guessed = asked(browser)["Location"]
    statuses = [Client().post(guessed, entrance(guessed, code="12345678")).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [404]
    assert Client().post(guessed, entrance(guessed, OTHER)).status_code == 404
    late = asked(browser)["Location"]
    Proof.objects.filter(pk=late.split("/")[-2]).update(ends_at=timezone.now())
    assert Client().post(late, entrance(late)).status_code == 404
    assert Client().get(f"{SPACE}code/{uuid4()}/").status_code == 404
    assert signed_in(Client()).status_code == 302
    assert proofs.forget() == 1


def test_a_passphrase_forgotten_is_chosen_again_and_closes_what_was_open(camille):
    address = asked(Client(), page="oubli")["Location"]
    elsewhere = Client()
    elsewhere.post(address, entrance(address, OTHER))
    assert camille.get(SPACE).status_code == 302
    assert elsewhere.get(SPACE).status_code == 200
    assert signed_in(Client(), phrase=PHRASE).status_code == 422
    assert Notice.objects.get(template="passphrase_changed").recipient_email == EMAIL
    assert PersonAccount.objects.count() == people() == 1


def test_each_sign_in_makes_another_key_and_ends_the_one_the_browser_had(camille):
    first = camille.cookies["espace"].value
    token = camille.get(SPACE).context["csrf_token"]
    assert signed_in(camille).status_code == 302
    assert camille.cookies["espace"].value != first
    stale = Client()
    stale.cookies["espace"] = first
    assert stale.get(SPACE).status_code == 302
    assert PersonSession.objects.count() == 1
    assert str(camille.get(SPACE).context["csrf_token"]) != str(token)
    planted = Client()
    planted.cookies["espace"] = "chosen-by-somebody-else"
    signed_in(planted)
    assert planted.cookies["espace"].value != "chosen-by-somebody-else"


def test_signing_out_ends_the_session_on_the_server_and_asks_a_token(camille):
    key = camille.cookies["espace"].value
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["espace"] = key
    for page in ("deconnexion/", "connexion/", "creer/"):
        assert strict.post(f"{SPACE}{page}").status_code == 403, page
    assert camille.post(f"{SPACE}deconnexion/").status_code == 302
    strict.cookies["espace"] = key
    assert strict.get(SPACE)["Location"] == f"{SPACE}connexion/"


def test_an_agent_s_session_does_not_open_the_space_nor_a_person_s_the_back_office(camille, agent):
    working = Client()
    log_in(working, agent)
    assert working.get(SPACE).status_code == 302
    assert working.get("/agents/").status_code == 200
    assert camille.get("/agents/")["Location"].startswith("/agents/connexion/")
    crossed = Client()
    crossed.cookies[settings.SESSION_COOKIE_NAME] = camille.cookies["espace"].value
    crossed.cookies["espace"] = working.cookies[settings.SESSION_COOKIE_NAME].value
    assert crossed.get(SPACE).status_code == crossed.get("/agents/").status_code == 302


def test_a_session_is_of_one_authority_and_ends_alone_on_a_shared_computer(camille):
    town = PersonAccount.objects.get().authority
    Authority.objects.create(siret="21490999900025", slug="autre", name="Autreville", host="127.0.0.1")
    Authority.objects.filter(pk=town.pk).update(host="testserver")
    PersonSession.objects.update(seen_at=timezone.now() - timedelta(hours=2))
    assert camille.get(SPACE, headers={"host": "127.0.0.1"}).status_code == 302
    assert camille.get(SPACE).status_code == 200
    kiosk = Client()
    door = kiosk.get(f"{SPACE}connexion/?suite=/mon-espace/securite/")
    assert 'name="shared"' not in door.content.decode()
    said = kiosk.get(door.context["other_device"])
    assert said.content.decode().count('name="shared" value="1"') >= 1 and "quinze minutes" in said.content.decode()
    assert said.context["other_device"].endswith("?shared=&suite=%2Fmon-espace%2Fsecurite%2F")
    signed_in(kiosk, shared="on")
    PersonSession.objects.filter(shared=True).update(seen_at=timezone.now() - timedelta(minutes=16))
    assert kiosk.get(SPACE).status_code == 302
    PersonSession.objects.update(ends_at=timezone.now())
    assert camille.get(SPACE).status_code == 302
    assert sessions.forget() == 2


def test_what_is_begun_signed_in_is_found_again_elsewhere_begun_then_sent(camille, django_assert_num_queries):
    address = started(camille)
    elsewhere = Client()
    signed_in(elsewhere)
    home = elsewhere.get(SPACE)
    draft = home.context["drafts"][0]
    assert elsewhere.get(address).status_code == 302
    taken = elsewhere.post(f"{SPACE}brouillons/{draft.pk}/")
    assert elsewhere.get(taken["Location"])["Location"] == address
    elsewhere.post(filled(elsewhere))
    filled(camille)
    with django_assert_num_queries(6):
        home = elsewhere.get(SPACE)
    (task,) = home.context["requests"]
    assert task.state == "Reçue" and len(home.context["drafts"]) == 2
    assert "/suivi/" in elsewhere.get(task.href)["Location"]
    stranger = opened("lou@exemple.fr", OTHER)
    assert stranger.get(task.href).status_code == 404
    assert stranger.post(f"{SPACE}brouillons/{draft.pk}/").status_code == 404
    assert not stranger.get(SPACE).context["requests"]
    assert Client().get(task.href)["Location"].startswith(f"{SPACE}connexion/?suite=")


def test_without_an_account_the_portal_stays_as_it_is(town):
    browser = Client()
    browser.post(filled(browser))
    assert not OwnRequest.objects.exists() and not PersonAccount.objects.exists()


def test_signing_in_never_leads_to_another_site(camille):
    for elsewhere in ("https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)", ""):
        assert signed_in(Client(), suite=elsewhere)["Location"] == SPACE
    assert signed_in(Client(), suite="/demarches/")["Location"] == "/demarches/"


def test_a_platform_opens_the_account_its_name_is_linked_to_and_no_other(town):
    account = services.open_with(town, "franceconnect", "sub-1")
    assert (
        services.open_with(town, "franceconnect", "sub-1")
        == account
        == services.opened_by(town, "franceconnect", "sub-1")
    )
    assert services.opened_by(town, "proconnect", "sub-1") is None
    opened()
    camille = PersonAccount.objects.get(email=EMAIL)
    with pytest.raises(services.AccountRefused):
        services.link(camille, "franceconnect", "sub-1")
    services.link(camille, "franceconnect", "sub-2")
    services.link(camille, "franceconnect", "sub-2")
    with pytest.raises(services.AccountRefused):
        services.link(camille, "franceconnect", "sub-3")
    with pytest.raises(services.AccountRefused):
        services.unlink(account, "franceconnect")
    assert services.unlink(camille, "franceconnect") and Link.objects.count() == 1
    assert services.check(town, "", "") is None
