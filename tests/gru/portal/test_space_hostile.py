"""Whoever would enter somebody else's space by what looks like theirs, or by coming at the right moment."""

import json

import pytest
from django.test import Client
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from etoile.gru.accounts import passphrases, sessions
from etoile.gru.accounts.models import PersonAccount, PersonSession
from etoile.gru.passkeys import ceremony
from tests.gru.conftest import text
from tests.gru.passkey import PRESENT, SoftKey
from tests.gru.portal.space import OTHER, PHRASE, SPACE, asked, entrance, opened, signed_in


@pytest.mark.exigence("ASVS 6.4.3")
def test_a_mailbox_that_looks_like_mine_is_not_mine(town):
    """In capitals « ı » is « I » and « ſ » is « S »: whoever owns « gıte.example » reads its codes."""
    opened("soline@gite.example")
    for looks in ("soline@gıte.example", "ſoline@gite.example"):
        browser = Client()
        address = asked(browser, looks, "oubli").get("Location")
        if address:
            browser.post(address, entrance(address, OTHER))
    assert signed_in(Client(), "soline@gite.example", PHRASE).status_code == 302
    assert signed_in(Client(), "soline@gite.example", OTHER).status_code == 422


def another_passphrase(account):
    PersonAccount.objects.filter(pk=account.pk).update(passphrase=passphrases.kept(OTHER))
    sessions.end(account)


def joined(account):
    opened("autre@exemple.fr", OTHER)
    kept = PersonAccount.objects.get(email="autre@exemple.fr")
    PersonAccount.objects.filter(pk=account.pk).update(joined_to=kept)
    sessions.end(account)


def closed(account):
    account.delete()


@pytest.mark.exigence("ASVS 7.4.3")
@pytest.mark.parametrize("meanwhile", [another_passphrase, joined, closed])
def test_what_was_proved_opens_nothing_of_an_account_that_changed_meanwhile(town, monkeypatch, meanwhile):
    """The passphrase is right, and takes the time of a slow hash to be found so."""
    opened()
    account = PersonAccount.objects.get()
    is_right = passphrases.is_right

    def slow(given, known):
        found = is_right(given, known)
        meanwhile(PersonAccount.objects.get(pk=account.pk))
        return found

    monkeypatch.setattr(passphrases, "is_right", slow)
    browser = Client()
    answer = signed_in(browser)
    assert answer["Location"] == f"{SPACE}connexion/"
    assert "vient de changer" in text(browser.get(answer["Location"]))
    assert "espace" not in browser.cookies
    assert not PersonSession.objects.filter(account=account.pk).exists()


@pytest.mark.exigence("ASVS 2.2.2")
def test_what_no_key_would_answer_is_refused_and_breaks_nothing(town):
    place, asked = ceremony.Place("localhost", "https://localhost"), ceremony.challenge()
    options = ceremony.to_create(place, asked, owner=b"o" * 32, account="a", site="s", known=())
    made = json.loads(SoftKey().create(options, place.origin, PRESENT))
    curve, none = b"\x20\x01\x21\x58", b"\x28\x01\x21\x58"
    whole = base64url_to_bytes(made["response"]["attestationObject"])
    assert curve in whole
    made["response"]["attestationObject"] = bytes_to_base64url(whole.replace(curve, none))
    for answer in ("[" * 19_000, '{"a":' * 3_900, json.dumps(made), "null", '{"id": 1}'):
        with pytest.raises(ceremony.Refused):
            ceremony.created(place, asked, answer)
    assert Client().post(f"{SPACE}connexion/", {"answer": "[" * 19_000}).status_code == 422


def test_whoever_asks_for_codes_without_end_leaves_theirs_to_the_owner_of_the_address(town):
    asking = [asked(Client(REMOTE_ADDR="192.0.2.1")).status_code for _ in range(30)]
    assert (asking[0], asking[-1]) == (302, 422)
    assert asked(Client(REMOTE_ADDR="192.0.2.2")).status_code == 302
