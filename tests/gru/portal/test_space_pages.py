"""What a person finds in « Mon espace » and may do there, and what they leave when they close it."""

from urllib.parse import quote
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from etoile.gru.accounts import proofs
from etoile.gru.accounts.models import OwnRequest, PersonAccount, PersonSession
from etoile.gru.audit.models import Entry
from etoile.gru.cases import filing
from etoile.gru.cases.models import Case
from etoile.gru.filling.models import Draft
from etoile.gru.notices.models import Notice
from etoile.gru.notices.wishes import wish_of
from etoile.gru.people import scope
from etoile.gru.people.models import Change, Level, Person
from etoile.gru.people.services import record_applicant
from tests.gru.portal.conftest import make_town
from tests.gru.portal.journey import REPORT, filled, started
from tests.gru.portal.space import EMAIL, OTHER, PHRASE, SPACE, asked, entrance, known, opened, people, signed_in
from tests.gru.running import running


@pytest.fixture
def camille(town):
    return opened()


def test_a_request_is_attached_by_its_link_and_never_by_its_e_mail(case):
    camille, stranger = opened(), opened("lou@exemple.fr", OTHER)
    assert case.contact_email == EMAIL and not camille.get(SPACE).context["requests"]
    link = f"/suivi/{case.tracking_key}/"
    page = camille.get(link)
    assert page.context["may_keep"] and not Client().get(link).context["may_keep"]
    assert Client().post(f"{link}mon-espace/")["Location"] == f"{SPACE}connexion/"
    assert camille.post(f"{link}mon-espace/")["Location"] == SPACE
    assert camille.post(f"/suivi/{'x' * 27}/mon-espace/").status_code == 404
    assert not camille.get(link).context["may_keep"]
    for pasted, status in (
        ("n’importe quoi", 422), (f"https://ailleurs.example/suivi/{'x' * 27}/", 422), ("", 422),
        (f" https://demarches.valmont.example{link} ", 302), (case.tracking_key, 302),
    ):  # fmt: skip
        assert stranger.post(f"{SPACE}ajouter/", {"link": pasted}).status_code == status, pasted
    assert OwnRequest.objects.filter(case_id=case.pk).count() == 2


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


def test_what_i_send_signed_in_is_mine_and_says_again_nothing_surer(camille):
    account = PersonAccount.objects.get()
    camille.post(
        f"{SPACE}informations/modifier/", {"given_names": "Camille", "family_name": "Martin", "phone": "06 39 98 01 23"}
    )
    known(account, family_name="Martin")
    camille.post(filled(camille))
    first = Case.objects.get()
    assert first.person_id == account.person_id and people() == 1
    now = known(account)
    assert now["family_name"] == ("Martin", Level.FRANCECONNECT) and now["phone"][0] == "+33639980123"
    assert now["address"] == (
        {"lines": ["12 rue des Tilleuls"], "city": "Valmont-sur-Loire", "postal_code": "49999"},
        100,
    )
    with scope.of_task("test"):
        assert set(Change.objects.filter(key="address").values_list("author", flat=True)) == {"person"}
        assert Change.objects.filter(key="family_name").count() == 2
    assert OwnRequest.objects.filter(account=account, case_id=first.pk).exists()
    found = filing.applicant(first.authority, {"family_name": "Martin", "phone": "06 00 00 00 00"}, account.person_id)
    assert {key: each.level for key, each in found[1].items()} == {"family_name": 600, "phone": 100}
    child = REPORT | {"vos-coordonnees": REPORT["vos-coordonnees"] | {"applicant_given_names": "Lou"}}
    camille.post(filled(camille, child))
    assert people() == 2 and known(account)["given_names"][0] == "Camille"
    anonymous = Client()
    anonymous.post(filled(anonymous))
    assert people() == 3 and OwnRequest.objects.count() == 2


def test_begun_by_nobody_and_sent_signed_in_it_is_kept_and_after_a_merge_it_is_of_the_one_in_use(town):
    browser = Client()
    summary = filled(browser)
    signing = asked(browser)["Location"]
    browser.post(signing, entrance(signing))
    account = PersonAccount.objects.get()
    kept = record_applicant(town, {"family_name": "Martin"})
    with scope.of_task("test"):
        Person.objects.filter(pk=account.person_id).update(merged_into=kept)
    browser.post(summary)
    assert Case.objects.get().person_id == kept.pk
    assert [each.state for each in browser.get(SPACE).context["requests"]] == ["Reçue"]
    with scope.of_task("test"):
        Person.objects.filter(pk=kept.pk).update(restricted_at=timezone.now())
    browser.post(filled(browser))
    assert Case.objects.latest("submitted_at").person_id not in (kept.pk, account.person_id)


def test_who_creates_an_account_on_the_way_comes_back_where_they_were(town):
    browser, wanted = Client(), f"{SPACE}informations/"
    asks = browser.get(browser.get(wanted)["Location"]).content.decode()
    assert f"/mon-espace/creer/?suite={quote(wanted, safe='')}" in asks
    waiting = browser.post(f"{SPACE}creer/", {"email": EMAIL, "suite": wanted})["Location"]
    address, _mark, query = waiting.partition("?")
    assert browser.get(waiting).context["next"] == wanted and query
    assert browser.post(address, {**entrance(address), "suite": wanted})["Location"] == wanted
    chosen = browser.post(f"{SPACE}courriels/", {"wish": "legal"})
    assert chosen.status_code == 302 and wish_of(town, EMAIL) == "legal"


@pytest.mark.django_db(transaction=True)
def test_an_account_lives_and_ends_under_the_role_that_runs(transactional_db):
    """The second wall of the user base holds that role, and none of this goes around it."""
    cache.clear()
    make_town()
    with running():
        camille = opened()
        said = {"given_names": "Camille", "family_name": "Martin"}
        assert camille.post(f"{SPACE}informations/modifier/", said).status_code == 302
        assert len(camille.get(f"{SPACE}informations/").context["rows"]) == 3
        assert camille.post(filled(camille)).status_code == 302
        assert Case.objects.get().person_id == PersonAccount.objects.get().person_id
        lou = opened("lou@exemple.fr", OTHER)
        for browser, phrase, left in ((lou, OTHER, 1), (camille, PHRASE, 1)):
            assert browser.post(f"{SPACE}fermer/", {"current": phrase, "sure": "on"}).status_code == 302
            assert people() == left
        assert not PersonAccount.objects.exists()
