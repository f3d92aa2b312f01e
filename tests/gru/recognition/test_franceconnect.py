"""FranceConnect opens the space of who it names, and certifies who they are: facing the simulated one, on sockets."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from etoile.gru.accounts.models import Link, PersonAccount, PersonSession
from etoile.gru.audit.models import Entry
from etoile.gru.notices.models import Notice
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Change
from etoile.gru.recognition.models import CivilIdentity
from tests.gru.identity.going import HTTP, come_back, gone
from tests.gru.portal.space import EMAIL, OTHER, PHRASE, opened

FC, PLUS, SPACE = "/identite/franceconnect/", "/identite/franceconnect-plus/", "/mon-espace/"


def known(account):
    with scope.of_person(account.person_id):
        rows = Attribute.objects.filter(person=account.person_id)
        return {each.key: (each.value, each.level, each.source) for each in rows}


def refusals():
    return list(Entry.objects.filter(action="identity.refused").order_by("pk").values_list("detail__why", flat=True))


def test_the_first_visit_makes_a_space_of_which_the_state_certifies_the_owner(town, low, client):
    page = client.get(f"{SPACE}connexion/?suite=/demarches/").content.decode()
    assert 'S’identifier avec</span> <span class="connect-name">FranceConnect</span>' in page
    assert come_back(client, FC, "marie", suite="/demarches/")["Location"] == "/demarches/"
    account = PersonAccount.objects.get()
    assert account.email == "", "an address told by a platform opens nothing"
    told = known(account)
    assert told["family_name"] == ("Le Goff", 600, "franceconnect")
    assert told["birth_date"] == ("1969-03-17", 600, "franceconnect")
    assert told["birth_place"] == ("29019", 600, "franceconnect")
    assert told["usage_name"] == ("Martin", 100, "franceconnect")
    assert told["email"] == ("marie.martin@courriel.example", 100, "franceconnect")
    session = PersonSession.objects.get()
    assert (session.platform, session.level) == ("franceconnect", "eidas1")
    assert b"." not in bytes(session.id_token)[:3] and b"eyJ" not in bytes(session.id_token), "sealed"
    assert client.get(SPACE).status_code == 200

    line = Entry.objects.get(action="space.identified")
    assert (line.subject, line.detail) == (
        str(account.pk), {"platform": "franceconnect", "acr": "eidas1", "amr": ["pwd"]},
    )  # fmt: skip

    with scope.of_person(account.person_id):
        assert set(Change.objects.values_list("author", flat=True)) == {"platform/franceconnect"}

    # Again, from elsewhere: the same space. Somebody else: another one.
    come_back(Client(), FC, "marie")
    come_back(Client(), FC, "angela")
    assert (PersonAccount.objects.count(), CivilIdentity.objects.count(), Link.objects.count()) == (2, 2, 2)


def test_leaving_ends_the_session_on_the_platform_too(town, low, client):
    come_back(client, FC, "angela")
    away = client.post(f"{SPACE}deconnexion/")["Location"]
    assert away.startswith(django_settings.IDENTITY.franceconnect.issuer)
    assert not PersonSession.objects.exists()
    back = urlsplit(HTTP.request("GET", away, redirect=False).headers["location"])
    assert "votre session FranceConnect aussi" in client.get(f"{back.path}?{back.query}", follow=True).content.decode()
    assert client.get(SPACE).status_code == 302


def test_the_same_human_being_under_another_name_is_found_by_the_whole_identity_alone(town, low):
    """FranceConnect and FranceConnect+ name people differently. Karim was born on a day nobody knows."""
    for person, spaces in (("angela", 1), ("karim", 2)):
        before = PersonAccount.objects.count()
        come_back(Client(), FC, person)
        come_back(Client(), PLUS, person)
        assert PersonAccount.objects.count() - before == spaces, person
    assert CivilIdentity.objects.count() == 1
    assert set(PersonSession.objects.values_list("level", flat=True)) == {"eidas1", "eidas2"}


@pytest.mark.exigence("ASVS 10.5.2")
def test_an_email_never_joins_two_spaces(town, low):
    opened("angela.dubois@courriel.example")
    come_back(Client(), FC, "angela")
    assert PersonAccount.objects.count() == 2
    assert not Link.objects.filter(account__email="angela.dubois@courriel.example").exists()


def test_who_is_in_their_space_shows_who_they_are_and_it_becomes_a_way_in(town, low):
    browser = opened()
    account = PersonAccount.objects.get()
    assert come_back(browser, FC, "angela", suite=SPACE)["Location"] == SPACE
    assert PersonAccount.objects.get() == account
    assert known(account)["family_name"] == ("Dubois", 600, "franceconnect")
    assert known(account)["email"][:2] == ("camille.martin@exemple.fr", 200), "what a code verified stays"
    assert PersonSession.objects.get().level == "eidas1", "the session before ended"
    # A higher level, by the same human being; then by somebody else, who changes nothing.
    come_back(browser, PLUS, "angela", level="eidas3")
    assert PersonSession.objects.get().level == "eidas3"
    answer = come_back(browser, PLUS, "marie")
    assert answer.status_code == 403 and "n’est pas celui de la personne" in answer.content.decode()
    assert refusals() == ["someone"]
    assert known(account)["family_name"][0] == "Dubois"
    come_back(Client(), FC, "angela")
    assert PersonAccount.objects.count() == 1


def test_the_way_in_by_franceconnect_is_added_and_taken_back_but_never_the_last_one(town, low):
    browser, safety = opened(), f"{SPACE}securite/"
    assert "FranceConnect peut confirmer qui vous êtes" in browser.get(safety).content.decode()
    come_back(browser, FC, "angela", suite=safety)
    come_back(browser, PLUS, "angela")
    assert "Aussi par FranceConnect, FranceConnect+" in browser.get(safety).content.decode()
    said = browser.post(f"{safety}franceconnect/", follow=True).content.decode()
    assert "FranceConnect n’ouvre plus votre espace" in said
    come_back(Client(), FC, "angela")
    assert PersonAccount.objects.count() == 2, "it opens another one now"

    only = Client()
    come_back(only, FC, "marie")
    assert "seul moyen d’entrer" in only.post(f"{safety}franceconnect/", follow=True).content.decode()
    assert Link.objects.count() == CivilIdentity.objects.count() == 2


@pytest.mark.exigence("ASVS 7.5.1")
def test_a_session_left_open_lets_nobody_add_their_own_way_in(town, low):
    browser, asked = opened(), {"suite": SPACE, "level": "eidas1"}
    PersonSession.objects.update(opened_at=timezone.now() - timedelta(hours=1))
    for given, status in ((asked, 200), (asked | {"current": OTHER}, 422)):
        answer = browser.post(FC, given)
        assert answer.status_code == status and "montrez d’abord qu’il est à vous" in answer.content.decode()
    assert come_back(browser, FC, "angela", current=PHRASE, **asked)["Location"] == SPACE
    assert Notice.objects.get(template="account_linked").recipient_email == EMAIL
    PersonSession.objects.update(opened_at=timezone.now() - timedelta(hours=1))
    assert browser.post(PLUS).status_code == 302, "nobody else can come by it"


def test_an_identity_that_opens_another_space_is_not_taken_from_it(town, low):
    come_back(Client(), FC, "angela")
    browser = opened()
    answer = come_back(browser, FC, "angela")
    assert answer.status_code == 403 and "ouvre déjà un autre espace" in answer.content.decode()
    assert refusals() == ["elsewhere"]
    assert "family_name" not in known(PersonAccount.objects.exclude(email="").get())


def test_a_space_closed_or_changed_while_one_was_away_receives_nothing(town, low):
    browser = opened()
    address = gone(browser, FC, "angela")
    browser.post(f"{SPACE}deconnexion/")
    assert browser.get(address).status_code == 403
    away = gone(browser, FC, "angela")
    browser.cookies.update(opened("lou@exemple.fr", OTHER).cookies)
    assert browser.get(away).status_code == 403
    assert not Link.objects.exists()


@pytest.mark.parametrize(
    ("person", "status", "words"),
    [("abort", 200, "Vous avez quitté FranceConnect avant la fin"), ("unavailable", 503, "ne répond pas en ce moment")],
)
def test_who_gives_up_or_finds_it_out_of_order_is_told_what_to_do(town, low, client, person, status, words):
    answer = come_back(client, FC, person)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    assert not PersonAccount.objects.exists()


def test_what_is_asked_holds_its_level_and_an_unknown_one_is_refused(town, low, client):
    asked = parse_qs(urlsplit(client.post(FC)["Location"]).query)
    assert asked["acr_values"] == ["eidas1"]
    assert asked["redirect_uri"] == ["http://testserver/identite/franceconnect/retour/"]
    refused = [client.post(FC, {"level": "eidas2"}), client.post(PLUS, {"level": "x"}), client.post("/identite/autre/")]
    assert [answer.status_code for answer in refused] == [404, 404, 404]
    with_nothing = Client().get(f"{FC}retour/?code=x&state=y")
    assert (with_nothing.status_code, refusals()) == (400, ["nothing was asked"])
