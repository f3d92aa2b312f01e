"""A key in the place of the code: ASVS 5.0 numbers are those of the requirement each test shows."""

import html
import re
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from webauthn.helpers import bytes_to_base64url

from etoile.gru.access import factors
from etoile.gru.audit.models import Entry
from etoile.gru.passkeys.models import Passkey
from etoile.gru.passkeys.services import agent as holder
from tests.gru.access.test_door import CODE, SAFETY, SECRET, alix, clock, code_now, password
from tests.gru.conftest import log_in, make_agent, make_town, text
from tests.gru.passkey import SoftKey

__all__ = ["alix", "clock"]
ADD = SAFETY + "cles/"
HOST, ORIGIN = "localhost", "https://localhost"


class OverTls(Client):
    def generic(self, *given, **extra):
        return super().generic(*given, **extra | {"secure": True})


@pytest.fixture
def client():
    """Reached as a browser must to use keys: by TLS, under a name."""
    return OverTls(SERVER_NAME=HOST)


def asked(answer):
    return html.unescape(re.search(r'data-key="([^"]+)"', text(answer))[1])


def added(client, clock, account, name="Clé bleue"):
    """A key of an agent who is in, added by the pages."""
    key = SoftKey()
    log_in(client, account)
    factors.give(account, SECRET)
    clock.shift(60)
    proved = client.post(SAFETY, {"code": code_now(), "key": "1"})
    assert proved.get("Location") == ADD, re.sub(r"<[^>]+>|\s+", " ", text(proved))
    options = asked(client.get(ADD))
    assert client.post(ADD, {"name": name, "answer": key.create(options, ORIGIN)})["Location"] == SAFETY
    return key


def halfway(client, account):
    client.cookies.clear()
    assert password(client, account)["Location"] == CODE
    return asked(client.get(CODE))


def test_a_key_is_added_after_a_code_then_opens_in_its_place_and_is_removed(client, alix, clock):
    """6.5.1, 6.3.3: the code first; and what was answered once serves no more."""
    log_in(client, alix)
    factors.give(alix, SECRET)
    assert client.get(ADD)["Location"] == SAFETY, "not without having proved who one is"
    key = added(client, clock, alix)
    assert client.get(ADD)["Location"] == SAFETY, "one code, one key"
    assert "Clé bleue" in text(client.get(SAFETY))
    said = key.answer(halfway(client, alix), ORIGIN)
    assert client.post(CODE, {"answer": said})["Location"] == "/agents/calendrier/"
    assert client.get(SAFETY).status_code == 200
    halfway(client, alix)
    assert client.post(CODE, {"answer": said}).status_code == 422, "an answer is to one question"
    clock.shift(60)
    assert client.post(CODE, {"code": code_now()})["Location"] == "/agents/calendrier/", "the code still opens"
    assert client.post(f"{ADD}{Passkey.objects.get().pk}/retrait/")["Location"] == SAFETY
    client.cookies.clear()
    password(client, alix)
    assert "data-key" not in text(client.get(CODE))
    kinds = Entry.objects.filter(action__startswith="agent.key").order_by("pk").values_list("action", flat=True)
    assert list(kinds) == ["agent.key_added", "agent.key_refused", "agent.key_removed"]
    assert Entry.objects.filter(action="agent.signed_in").order_by("pk").first().detail == {"second": "key"}


def test_what_a_key_should_not_have_said_opens_nothing_and_is_journaled(client, alix, clock):
    """Each lie of a false site, a false key or a copy (6.3.1, and WebAuthn §7.2)."""
    key = added(client, clock, alix)
    other, strangers = SoftKey(), ec.generate_private_key(ec.SECP256R1())
    key.answer(halfway(client, alix), ORIGIN)
    used = Passkey.objects.get()
    lies = {
        "another question": partial(key.answer, origin=ORIGIN, challenge=bytes_to_base64url(bytes(32))),
        "another site": partial(key.answer, origin="https://localhost.faux.example"),
        "without TLS": partial(key.answer, origin="http://localhost"),
        "made for another site": partial(key.answer, origin=ORIGIN, host="faux.example"),
        "nobody touched it": partial(key.answer, origin=ORIGIN, flags=0),
        "a registration": partial(key.answer, origin=ORIGIN, kind="webauthn.create"),
        "another private key": partial(key.answer, origin=ORIGIN, private=strangers),
        "a key of nobody": partial(other.answer, origin=ORIGIN),
        "no answer": lambda options: "",
        "no JSON": lambda options: "{",
        "too long": lambda options: "[" * 30_000,
        "no object": lambda options: "[]",
    }
    for lie, tell in lies.items():
        answer = client.post(CODE, {"answer": tell(halfway(client, alix))})
        assert answer.status_code == 422 and "n’a pas pu prouver" in text(answer), lie
        assert client.get(SAFETY).status_code == 302, lie
    # A copy that is behind: the counter of the true one went further (§6.1.1).
    Passkey.objects.update(sign_count=50)
    assert client.post(CODE, {"answer": key.answer(halfway(client, alix), ORIGIN, count=50)}).status_code == 422
    options = halfway(client, alix)
    clock.shift(6 * 60)
    assert client.post(CODE, {"answer": key.answer(options, ORIGIN, count=60)}).status_code == 422, "five minutes"
    assert Passkey.objects.get().used_at == used.used_at is None
    assert Entry.objects.filter(action="agent.key_refused").count() == len(lies) + 2


def test_a_key_is_of_one_agent_and_goes_with_a_lost_telephone(client, alix, clock, town):
    key = added(client, clock, alix)
    colleague = make_agent(town.authority, town.team, "samia@valmont.example")
    far = make_town("21490888800016", "bourg-neuf").agent
    for who in (colleague, far):
        log_in(client, who)
        assert client.post(f"{ADD}{Passkey.objects.get().pk}/retrait/").status_code == 404
    factors.give(colleague, SECRET)
    clock.shift(60)
    log_in(client, colleague)
    client.post(SAFETY, {"code": code_now(), "key": "1"})
    said = key.create(asked(client.get(ADD)), ORIGIN)
    assert client.post(ADD, {"name": "Volée", "answer": said}).status_code == 422, "a key registered once"
    colleague.set_password("une phrase assez longue")
    colleague.save()
    client.cookies.clear()
    password(client, colleague)
    assert "data-key" not in text(client.get(CODE))
    assert factors.reset(alix, by=None)
    assert not Passkey.objects.exists()


def test_where_browsers_give_no_key_none_is_offered(client, alix, clock):
    """An address in figures, or plain HTTP elsewhere than on this machine; a key made for another name is not asked."""
    added(client, clock, alix)
    for options, offered in (({"SERVER_NAME": "127.0.0.1"}, False), ({"SERVER_NAME": "testserver"}, False)):
        elsewhere = Client(**options)
        log_in(elsewhere, alix)
        assert ('name="key"' in text(elsewhere.get(SAFETY))) is offered
        password(elsewhere, alix)
        assert "data-key" not in text(elsewhere.get(CODE))
    assert holder(alix).code != holder(make_town("21490888800016", "bourg-neuf").agent).code
