"""The attack journey of identities, through the pages: each step opens nothing and leaves its reason in the audit
log."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from etoile.doubles.identity.platforms import FRANCECONNECT
from etoile.gru.access.models import Authority
from etoile.gru.accounts.models import PersonAccount, PersonSession
from etoile.gru.audit.models import Entry
from etoile.gru.identity.environment import Identities
from etoile.gru.identity.platforms import franceconnect
from etoile.gru.people.models import Person
from etoile.sdk.testing import serve
from tests.gru.identity.going import HTTP, come_back, gone
from tests.gru.identity.test_attacks import Liar
from tests.gru.recognition.conftest import SECRET, registered

FC, SPACE = "/identite/franceconnect/", "/mon-espace/"
LIES = {
    "forged": "signature",
    "none": "another algorithm",
    "confused": "another algorithm",
    "id.nonce=another": "nonce",
    "id.iss=https://elsewhere.example/api/v2": "issuer",
    "id.aud=else": "audience",
    "info.aud=else": "audience",
    "id.acr=eidas0": "level",
    "info.sub=somebody-else": "another person",
    "json": "unsigned identity",
}


@pytest.fixture
def liar(settings) -> Iterator[Liar]:
    cache.clear()
    provider = Liar(FRANCECONNECT, registered("franceconnect"))
    with serve(provider.faults) as address:
        settings.IDENTITY = Identities(franceconnect=franceconnect(f"{address}/api/v2", "town", SECRET, "ES256"))
        yield provider
        HTTP.clear()


def reasons():
    lines = Entry.objects.filter(action="identity.refused").order_by("pk")
    assert {line.actor for line in lines} <= {"FranceConnect"}
    return [line.detail["why"] for line in lines]


@pytest.mark.exigence("ASVS 10.5.1")
@pytest.mark.exigence("ASVS 10.5.3")
@pytest.mark.exigence("ASVS 10.5.4")
def test_a_forged_answer_opens_nothing_and_its_reason_is_written(town, liar):
    browser, answers = Client(), []
    for lie in LIES:
        liar.lie = lie
        answers.append(come_back(browser, FC, "angela").status_code)
    assert answers == [400] * len(LIES)
    assert reasons() == list(LIES.values())
    assert browser.get(SPACE).status_code == 302
    assert not PersonAccount.objects.exists() and not PersonSession.objects.exists()
    known = [line.subject for line in Entry.objects.filter(action="identity.refused")]
    assert set(known) == {""}, "nothing of the answer is written"


@pytest.mark.exigence("ASVS 10.2.1")
@pytest.mark.exigence("ASVS 10.4.2")
def test_a_return_serves_once_in_the_browser_that_asked(town, liar):
    owner, thief = Client(), Client()
    stolen = gone(owner, FC, "angela")
    kept = owner.cookies["gru_identity_franceconnect"].value
    # The thief has the address of the return: without the owner's cookie, then with a cookie of their own.
    assert thief.get(stolen).status_code == 400
    thief.post(FC)
    assert thief.get(stolen).status_code == 400
    assert owner.get(stolen).status_code == 302
    # Replayed: as it is, then with the cookie that had left.
    again = Client()
    assert again.get(stolen).status_code == 400
    again.cookies["gru_identity_franceconnect"] = kept
    assert again.get(stolen).status_code == 400
    again.cookies["gru_identity_franceconnect"] = kept[:-2] + "xx"
    assert again.get(stolen).status_code == 400
    assert reasons() == ["nothing was asked", "state", "nothing was asked", "code", "nothing was asked"]
    assert PersonAccount.objects.count() == PersonSession.objects.count() == 1


def test_nobody_is_sent_signed_in_to_an_address_of_somebody_else(town, liar):
    for following in ("https://ailleurs.example/", "//ailleurs.example/", "/\\ailleurs.example"):
        assert come_back(Client(), FC, "angela", suite=following)["Location"] == SPACE


def test_a_return_for_another_authority_of_the_installation_opens_nothing_there(town, liar, settings):
    """The attempt is kept by the browser for one host, and the session belongs to one authority."""
    browser = Client()
    come_back(browser, FC, "angela")
    other = Authority.objects.create(siret="21450000000019", slug="autre", name="Autre", host="autre.example")
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "autre.example"]
    assert browser.get(SPACE, headers={"host": "autre.example"}).status_code == 302
    assert not PersonAccount.objects.filter(authority=other).exists()


def test_the_table_of_people_is_not_read_by_who_is_refused(town, liar, monkeypatch):
    """A refusal comes before the user base is looked at: no time of it tells who is known."""

    def read(*_args, **_kwargs):
        raise AssertionError("the user base was read")

    monkeypatch.setattr(Person.objects, "get_queryset", read)
    liar.lie = "forged"
    assert come_back(Client(), FC, "angela").status_code == 400
