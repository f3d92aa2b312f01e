"""« Mon espace »: who reads the mailbox comes in, nobody learns who has an account, a session is theirs."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from etoile.gru.access.models import Authority
from etoile.gru.accounts import passphrases, proofs, services, sessions
from etoile.gru.accounts.models import Link, OwnRequest, PersonAccount, PersonSession, Proof
from etoile.gru.audit.models import Entry
from etoile.gru.filling.models import Draft
from etoile.gru.notices.models import Notice
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level, Person
from etoile.gru.portal.space import coming, safety
from tests.gru.conftest import log_in
from tests.gru.portal.journey import filled, started

EMAIL = "camille.martin@exemple.fr"
PHRASE = "quatre lavoirs bleus sans pluie"
OTHER = "trois barques vertes sous le pont"
SPACE = "/mon-espace/"


def asked(browser, email=EMAIL, page="creer"):
    """The address of the page that waits for the code."""
    return browser.post(f"{SPACE}{page}/", {"email": email})


def entrance(address, phrase=PHRASE, code=None):
    proof = address.rstrip("/").rpartition("/")[2]
    return {"code": code or proofs.code_of(UUID(proof)), "passphrase": phrase, "again": phrase}


def opened(email=EMAIL, phrase=PHRASE):
    """A browser that is signed in, by a code."""
    browser = Client()
    address = asked(browser, email)["Location"]
    answer = browser.post(address, entrance(address, phrase))
    assert answer.status_code == 302, answer.content
    return browser


def signed_in(browser, email=EMAIL, phrase=PHRASE, **more):
    return browser.post(f"{SPACE}connexion/", {"email": email, "passphrase": phrase, **more})


def people():
    """How many there are."""
    with scope.of_task("test"):
        return Person.objects.count()


def known(account, **checked):
    """What is known of the person of an account; `checked`: values that somebody has seen a proof of, since."""
    with scope.of_task("test"):
        rows = Attribute.objects.filter(person_id=account.person_id)
        for key, value in checked.items():
            rows.filter(key=key).update(level=Level.FRANCECONNECT, value=value)
        return {each.key: (each.value, each.level) for each in rows.all()}


def said(answer):
    """The page without the form's token and the address of its proof."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
    return re.sub(r"/code/[0-9a-f-]{36}/", "/code/", page)


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
        with django_assert_num_queries(6):
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
    signed_in(kiosk, shared="on")
    PersonSession.objects.filter(shared=True).update(seen_at=timezone.now() - timedelta(minutes=16))
    assert kiosk.get(SPACE).status_code == 302
    PersonSession.objects.update(ends_at=timezone.now())
    assert camille.get(SPACE).status_code == 302
    assert sessions.forget() == 1


def test_many_wrong_passphrases_slow_one_person_at_a_kiosk_and_nobody_else(camille):
    opened("lou@exemple.fr", OTHER)
    for _ in range(coming.WRONG_HERE.count):
        signed_in(Client(), phrase="pas la bonne phrase")
    blocked = signed_in(Client())
    assert blocked.status_code == 429
    assert signed_in(Client(), "lou@exemple.fr", OTHER).status_code == 302
    assert Client().post(f"{SPACE}connexion/", {"email": EMAIL, "passphrase": PHRASE}, REMOTE_ADDR="198.51.100.7"
                         ).status_code == 302  # fmt: skip
    address = asked(Client())["Location"]
    assert Client().post(address, entrance(address)).status_code == 302
    cache.clear()


def test_codes_asked_again_and_again_send_no_more_mail(town):
    answers = [asked(Client()).status_code for _ in range(coming.CODES_PER_EMAIL.count + 1)]
    assert answers == [302] * coming.CODES_PER_EMAIL.count + [422]
    assert Notice.objects.filter(template="account_code").count() == coming.CODES_PER_EMAIL.count
    cache.clear()


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
    with django_assert_num_queries(4):
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


def test_a_request_is_attached_by_its_link_and_never_by_its_e_mail(case):
    camille, stranger = opened(), opened("lou@exemple.fr", OTHER)
    assert case.contact_email == EMAIL and not camille.get(SPACE).context["requests"]
    link = f"/suivi/{case.tracking_key}/"
    page = camille.get(link)
    assert page.context["may_keep"] and not Client().get(link).context["may_keep"]
    assert Client().post(f"{link}mon-espace/")["Location"] == f"{SPACE}connexion/"
    assert camille.post(f"{link}mon-espace/")["Location"] == SPACE
    assert camille.post(f"/suivi/{'x' * 27}/mon-espace/")["Location"].startswith("/suivi/")
    assert not camille.get(link).context["may_keep"]
    for pasted, status in (
        ("n’importe quoi", 422), (f"https://ailleurs.example/suivi/{'x' * 27}/", 422), ("", 422),
        (f" https://demarches.valmont.example{link} ", 302), (case.tracking_key, 302),
    ):  # fmt: skip
        assert stranger.post(f"{SPACE}ajouter/", {"link": pasted}).status_code == status, pasted
    assert OwnRequest.objects.filter(case_id=case.pk).count() == 2
    cache.clear()


def test_what_i_say_of_myself_is_declared_and_fills_my_forms_unless_something_surer_is_known(camille):
    account = PersonAccount.objects.get()
    said = {
        "given_names": "Camille",
        "family_name": "Martin",
        "phone": "06 39 98 01 23",
        "address.lines": "12 rue des Tilleuls\nBâtiment B",
        "address.postal_code": "49999",
        "address.city": "Valmont",
    }
    change = f"{SPACE}informations/modifier/"
    wrong = camille.post(change, said | {"address.postal_code": "4"})
    assert wrong.status_code == 422 and known(account).keys() == {"email"}
    assert camille.post(change, said).status_code == 302
    now = known(account)
    assert now["address"][0]["lines"] == ["12 rue des Tilleuls", "Bâtiment B"]
    assert {level for key, (_value, level) in now.items() if key != "email"} == {Level.DECLARED}
    rows = {each.label: each.values for each in camille.get(f"{SPACE}informations/").context["rows"]}
    assert rows["Prénoms"][0] == "Camille" and rows["Prénoms"][1].startswith("Dit par vous")
    known(account, family_name="MARTIN")
    assert camille.post(change, said | {"family_name": "Autre", "phone": ""}).status_code == 302
    now = known(account)
    assert now["family_name"][0] == "MARTIN" and "phone" not in now
    page = camille.get("/demarches/signalement-voirie/remplir/")
    assert page.context["from_space"]
    started(camille)
    draft = Draft.objects.get()
    assert draft.answers["applicant_family_name"] == "MARTIN" and draft.answers["applicant_email"] == EMAIL
    assert draft.answers["applicant_address"]["lines"] == "12 rue des Tilleuls\nBâtiment B"
    assert not Client().get("/demarches/signalement-voirie/remplir/").context["from_space"]


def test_another_passphrase_asks_the_present_one_and_closes_the_other_sessions(camille):
    other = Client()
    signed_in(other)
    page = f"{SPACE}securite/phrase/"
    given = {"current": "pas la bonne phrase", "passphrase": OTHER, "again": OTHER}
    assert camille.post(page, given).status_code == 422
    assert camille.post(page, given | {"current": PHRASE, "passphrase": "courte", "again": "courte"}).status_code == 422
    assert other.get(SPACE).status_code == 200
    assert camille.post(page, given | {"current": PHRASE}).status_code == 302
    assert (camille.get(SPACE).status_code, other.get(SPACE).status_code) == (200, 302)
    assert Notice.objects.filter(template="passphrase_changed").count() == 1
    for _ in range(safety.WRONG_INSIDE.count):
        camille.post(page, given)
    assert camille.post(page, given | {"current": OTHER}).status_code == 422
    cache.clear()


def test_another_address_is_proved_first_and_the_one_before_is_told(camille):
    opened("lou@exemple.fr", OTHER)
    page, phrase = f"{SPACE}securite/adresse/", {"current": PHRASE}
    taken = camille.post(page, {"email": "lou@exemple.fr", **phrase})["Location"]
    code = proofs.code_of(UUID(taken.split("/")[-2]))
    assert Client().post(f"{SPACE}code/{taken.split('/')[-2]}/", entrance(taken)).status_code == 404
    assert camille.post(taken, {"code": code}).status_code == 422
    assert camille.post(page, {"email": "cam@exemple.fr", "current": OTHER}).status_code == 422
    free = camille.post(page, {"email": "Cam@exemple.fr", **phrase})["Location"]
    assert opened("zoe@exemple.fr", "deux péniches dorment").post(free, {"code": code}).status_code == 404
    assert camille.post(free, {"code": "00000000"}).status_code == 422
    assert camille.post(free, {"code": proofs.code_of(UUID(free.split("/")[-2]))}).status_code == 302
    assert Notice.objects.get(template="account_email").recipient_email == EMAIL
    assert signed_in(Client(), "cam@exemple.fr").status_code == 302 and signed_in(Client()).status_code == 422
    account = PersonAccount.objects.get(email="cam@exemple.fr")
    assert known(account)["email"] == ("cam@exemple.fr", Level.CHECKED_BY_CODE)


def test_sessions_are_listed_and_closed_one_or_all_mine_alone(camille):
    phone, kiosk, stranger = Client(headers={"user-agent": "Téléphone"}), Client(), opened("lou@exemple.fr", OTHER)
    signed_in(phone)
    signed_in(kiosk)
    page = camille.get(f"{SPACE}securite/")
    (telephone,) = [each for each in page.context["sessions"] if each.browser == "Téléphone"]
    assert len(page.context["sessions"]) == 3 and telephone.number not in phone.cookies["espace"].value
    stranger.post(f"{SPACE}securite/sessions/", {"session": telephone.number})
    assert phone.get(SPACE).status_code == 200
    camille.post(f"{SPACE}securite/sessions/", {"session": telephone.number})
    assert (phone.get(SPACE).status_code, kiosk.get(SPACE).status_code) == (302, 200)
    camille.post(f"{SPACE}securite/sessions/")
    assert (camille.get(SPACE).status_code, kiosk.get(SPACE).status_code) == (200, 302)
    assert stranger.get(SPACE).status_code == 200


def test_closing_erases_what_was_only_the_account_s_and_leaves_the_requests_their_link(case):
    camille = opened()
    camille.post(f"/suivi/{case.tracking_key}/mon-espace/")
    camille.post(f"{SPACE}informations/modifier/", {"given_names": "Camille"})
    filled(camille)
    page = f"{SPACE}fermer/"
    assert camille.post(page, {"current": PHRASE}).status_code == 422
    assert camille.post(page, {"current": OTHER, "sure": "on"}).status_code == 422
    before = people()
    assert camille.post(page, {"current": PHRASE, "sure": "on"}).status_code == 302
    assert not camille.cookies["espace"].value
    assert not PersonAccount.objects.exists() and not PersonSession.objects.exists() and not OwnRequest.objects.exists()
    assert people() == before - 1 == 1
    assert not Draft.objects.filter(confirmed_at=None).exists()
    assert Client().get(f"/suivi/{case.tracking_key}/").status_code == 200
    assert Notice.objects.get(template="account_closed").recipient_email == EMAIL
    assert Entry.objects.get(action="space.closed") and EMAIL not in str(list(Entry.objects.values_list()))
    assert signed_in(Client()).status_code == 422
