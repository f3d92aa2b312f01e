"""A passkey opens a person's space alone. ASVS 5.0 numbers are those of the requirement each test shows."""

import html
import re
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone
from webauthn.helpers import bytes_to_base64url

from etoile.gru.access.models import Authority
from etoile.gru.accounts import services, sessions
from etoile.gru.accounts.models import PersonAccount, PersonSession
from etoile.gru.audit.models import Entry
from etoile.gru.notices.models import Notice
from etoile.gru.passkeys.models import Passkey
from etoile.gru.rights.holdings import export
from etoile.gru.rights.subject import of_account
from tests.gru.conftest import text
from tests.gru.passkey import PRESENT, VERIFIED, SoftKey
from tests.gru.portal.space import EMAIL, OTHER, PHRASE, SPACE, opened

SAFETY, ADD, IN = f"{SPACE}securite/", f"{SPACE}securite/cles/", f"{SPACE}connexion/"
HOST, ORIGIN = "localhost", "https://localhost"


class OverTls(Client):
    def generic(self, *given, **extra):
        return super().generic(*given, **extra | {"secure": True, "SERVER_NAME": HOST})


def within(email=EMAIL, phrase=PHRASE):
    """A browser that uses keys, already in."""
    browser = OverTls()
    browser.cookies["espace"] = opened(email, phrase).cookies["espace"].value
    return browser


def asked(answer):
    """What a page asks of a key, and the mark by which it knows that it did."""
    page = text(answer)
    options = html.unescape(re.search(r'data-key="([^"]+)"', page)[1])
    return options, re.search(r'name="asked" value="([^"]+)"', page)[1]


def touched(browser, name="Mon téléphone", phrase=PHRASE):
    return asked(browser.post(ADD, {"name": name, "current": phrase}))


def added(browser, name="Mon téléphone", phrase=PHRASE, flags=PRESENT | VERIFIED):
    key = SoftKey()
    options, mark = touched(browser, name, phrase)
    answer = browser.post(ADD, {"name": name, "asked": mark, "answer": key.create(options, ORIGIN, flags)})
    assert answer.get("Location") == SAFETY, text(answer)
    return key


def shown(key, browser=None, **changes):
    """What the key answers to the sign-in page, as its form would send it."""
    options, mark = asked((browser or OverTls()).get(IN))
    return {"asked": mark, "answer": key.answer(options, ORIGIN, **{"flags": PRESENT | VERIFIED, **changes})}


@pytest.fixture
def camille(town):
    return within()


@pytest.mark.exigence("ASVS 6.3.3")
def test_a_key_is_added_after_the_passphrase_opens_alone_and_is_removed(camille):
    other = within("lou@exemple.fr", OTHER)
    assert camille.post(ADD, {"name": "Volée", "current": OTHER}).status_code == 422, "the passphrase first"
    assert camille.post(ADD, {"name": "", "current": PHRASE}).status_code == 422
    key = added(camille)
    assert Passkey.objects.get().holder == str(PersonAccount.objects.get(email=EMAIL).pk)
    assert "Mon téléphone" in text(camille.get(SAFETY)) and "Mon téléphone" not in text(other.get(SAFETY))
    said, phone = shown(key), OverTls()
    assert phone.post(IN, {**said, "suite": SAFETY, "shared": "1"})["Location"] == SAFETY
    assert phone.get(SAFETY).context["account"].email == EMAIL
    assert PersonSession.objects.latest("opened_at").shared
    assert OverTls().post(IN, said).status_code == 422, "an answer is to one question"
    assert other.post(f"{ADD}{Passkey.objects.get().pk}/retrait/").status_code == 404
    assert camille.post(f"{ADD}{Passkey.objects.get().pk}/retrait/")["Location"] == SAFETY
    assert phone.get(SAFETY).status_code == 302, "what a lost key opened is closed"
    assert OverTls().post(IN, shown(key)).status_code == 422
    told = Notice.objects.filter(template__startswith="account_key").order_by("created_at")
    assert [(each.template, each.recipient_email) for each in told] == [
        ("account_key_added", EMAIL),
        ("account_key_removed", EMAIL),
    ]
    kinds = Entry.objects.filter(action__startswith="space.key").order_by("pk").values_list("action", flat=True)
    assert list(kinds) == ["space.key_added", "space.key_refused", "space.key_removed", "space.key_refused"]


@pytest.mark.exigence("ASVS 6.3.1")
def test_what_a_key_should_not_have_said_opens_no_space_and_is_journaled(camille):
    """Each lie of a false site, a false key or a copy (WebAuthn §7.2)."""
    key, lou = added(camille), added(within("lou@exemple.fr", OTHER), phrase=OTHER)
    strangers = ec.generate_private_key(ec.SECP256R1())
    lies = {
        "another question": partial(shown, key, challenge=bytes_to_base64url(bytes(32))),
        "made for another site": partial(shown, key, host="faux.example"),
        "nobody touched it": partial(shown, key, flags=VERIFIED),
        "neither finger nor code": partial(shown, key, flags=PRESENT),
        "a registration": partial(shown, key, kind="webauthn.create"),
        "another private key": partial(shown, key, private=strangers),
        "a key of nobody": partial(shown, SoftKey()),
        "in the name of somebody else": partial(shown, key, owner=lou.owner),
        "in nobody’s name": partial(shown, key, owner=""),
        "nothing was asked": lambda: shown(key) | {"asked": "x"},
        "asked to add one": lambda: shown(key) | {"asked": touched(camille)[1]},
        "no answer": lambda: shown(key) | {"answer": ""},
        "no JSON": lambda: shown(key) | {"answer": "{"},
        "too long": lambda: shown(key) | {"answer": "[" * 30_000},
    }
    before = PersonSession.objects.count()
    for at, (lie, tell) in enumerate(lies.items()):
        browser = OverTls()
        answer = browser.post(IN, tell(), REMOTE_ADDR=f"198.51.100.{at}")
        assert answer.status_code == 422 and "n’ouvre aucun espace" in text(answer), lie
        assert browser.get(SAFETY).status_code == 302, lie
    # Registered as an agent's would be, it opens nothing of a person, and the other way round.
    Passkey.objects.filter(credential=key.credential).update(kind="agent")
    assert OverTls().post(IN, shown(key)).status_code == 422
    Passkey.objects.filter(credential=key.credential).update(kind="person")
    assert PersonSession.objects.count() == before
    assert Entry.objects.filter(action="space.key_refused").count() == len(lies) + 1
    camilles, lous = PersonAccount.objects.order_by("created_at")
    PersonAccount.objects.filter(pk=camilles.pk).update(joined_to=lous)
    assert OverTls().post(IN, shown(key)).status_code == 422, "a space joined to another opens nothing"
    PersonAccount.objects.filter(pk=camilles.pk).update(joined_to=None)
    town = Authority.objects.get()
    Authority.objects.create(siret="21490999900025", slug="autre", name="Autreville", host="127.0.0.1")
    PersonAccount.objects.filter(email=EMAIL).update(authority=Authority.objects.get(slug="autre"))
    Authority.objects.filter(pk=town.pk).update(host=HOST)
    assert OverTls().post(IN, shown(key)).status_code == 422, "the space of another authority"


def test_a_key_that_reads_no_finger_or_is_known_is_not_added_and_ten_are_enough(camille, monkeypatch):
    key = SoftKey()
    options, mark = touched(camille)
    wrong = camille.post(ADD, {"name": "Simple", "asked": mark, "answer": key.create(options, ORIGIN)})
    assert wrong.status_code == 422 and "n’a pas pu être ajoutée" in text(wrong)
    options, mark = touched(camille)
    other = within("lou@exemple.fr", OTHER)
    mine = {"name": "Mienne", "asked": mark, "answer": key.create(options, ORIGIN, PRESENT | VERIFIED)}
    assert other.post(ADD, mine).status_code == 422, "what was asked of another session"
    assert camille.post(ADD, mine).status_code == 302
    assert camille.post(ADD, mine).status_code == 422
    options, mark = touched(other, phrase=OTHER)
    known = {"name": "Double", "asked": mark, "answer": key.create(options, ORIGIN, PRESENT | VERIFIED)}
    assert other.post(ADD, known).status_code == 422
    monkeypatch.setattr("etoile.gru.passkeys.services.MOST", 1)
    assert camille.get(ADD)["Location"] == SAFETY
    assert Passkey.objects.count() == 1


def test_who_came_by_a_platform_adds_a_key_just_after_coming_in_and_closing_removes_it(town, case):
    account = services.open_with(town, "franceconnect", "sub-1")
    browser, answer = OverTls(), OverTls().get(IN)
    session = sessions.open_session(answer.wsgi_request, answer, account)
    browser.cookies["espace"] = answer.cookies["espace"].value
    options, mark = asked(browser.post(ADD, {"name": "Ma clé"}))
    key = SoftKey()
    said = key.create(options, ORIGIN, PRESENT | VERIFIED)
    assert browser.post(ADD, {"name": "Ma clé", "asked": mark, "answer": said}).status_code == 302
    told = export.document(of_account(account))["tables"]["passkeys.Passkey"]
    assert "Ma clé" in str(told) and key.credential.hex() not in str(told)
    with pytest.raises(services.AccountRefused):
        services.unlink(account, "franceconnect")
    PersonSession.objects.filter(pk=session.pk).update(opened_at="2026-01-01T00:00:00Z")
    assert "Confirmez d’abord" in text(browser.post(ADD, {"name": "Une autre"}))
    for page, given in (("fermer", {"sure": "on"}), ("securite/adresse", {"email": "a.moi@exemple.fr"})):
        answer = browser.post(f"{SPACE}{page}/", given)
        assert answer.status_code == 200 and "Confirmez d’abord" in text(answer), page
    PersonSession.objects.update(opened_at=timezone.now())
    assert browser.post(f"{SPACE}fermer/", {"sure": "on"}).status_code == 302
    assert not Passkey.objects.exists() and OverTls().post(IN, shown(key)).status_code == 422


def test_where_browsers_give_no_key_none_is_offered(camille):
    elsewhere = Client()
    elsewhere.cookies["espace"] = camille.cookies["espace"].value
    assert "data-key" not in text(Client().get(IN)) and "data-key" in text(OverTls().get(IN))
    assert "cles" not in text(elsewhere.get(SAFETY)) and elsewhere.get(ADD)["Location"] == SAFETY
