"""An agent comes in by two proofs; ASVS 5.0 numbers are those of the requirement each test shows."""

import re
import time

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from tests.gru.conftest import log_in

from etoile.gru.access import factors
from etoile.gru.access.models import Account, Membership, OpenSession, RecoveryCode, Role, SecondFactor
from etoile.gru.audit.models import Entry
from etoile.runtime import totp
from etoile.runtime.secrets import make

PASSWORD = "une phrase assez longue"
SECRET = "DEMOETOILESECRETDEMONSTRATION234"
IN, CODE, PHONE, SAFETY = (
    f"/agents/{end}" for end in ("connexion/", "connexion/code/", "connexion/telephone/", "securite/")
)
NOON = "2026-11-28T12:00:00+00:00"


@pytest.fixture
def alix(town):
    town.agent.set_password(PASSWORD)
    town.agent.save()
    return town.agent


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def password(client, account, following="/agents/calendrier/"):
    given = {"username": account.email, "password": PASSWORD, "next": following}
    return client.post(IN, given)


def code_now(drift=0):
    return totp.code_at(SECRET, totp.step_of(time.time()) + drift)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"),
        (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_rfc_6238_appendix_b(seconds, code):
    assert totp.code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", totp.step_of(seconds), digits=8) == code


def test_a_key_of_the_server_that_was_removed_is_told_at_the_door_and_codes_on_paper_still_open(
    client, alix, clock, settings
):
    password(client, alix)
    before = client.get(PHONE).content.decode()
    settings.ENCRYPTION_KEYS = [make("key")]
    after = client.post(PHONE, {"code": "123456"}).content.decode()
    assert "faites-la lire de nouveau" in after
    secret = re.search(r"secret=([A-Z2-7]{32})", after)[1]
    assert secret not in before
    shown = client.post(PHONE, {"code": totp.code_at(secret, totp.step_of(time.time()))}).content.decode()
    paper = re.search(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b", shown)[0]
    settings.ENCRYPTION_KEYS = [make("key")]
    other = Client()
    password(other, alix)
    told = other.post(CODE, {"code": "123456"})
    assert (told.status_code, "la clé d’alors a été retirée" in told.content.decode()) == (422, True)
    assert other.post(CODE, {"recovery": paper}).url == "/agents/calendrier/"


@pytest.mark.exigence("ASVS 6.3.3")
def test_without_a_second_factor_the_password_opens_nothing_but_its_installation(client, alix):
    """6.3.3."""
    assert password(client, alix).url == PHONE
    assert client.get("/agents/").url.startswith(IN)
    assert client.get(SAFETY).url.startswith(IN)
    page = client.get(PHONE).content.decode()
    secret = re.search(r"secret=([A-Z2-7]{32})", page)[1]
    assert " ".join(re.findall("....", secret)) in page
    assert "<svg" in page
    assert client.post(PHONE, {"code": "12"}).status_code == 422
    assert secret in client.get(PHONE).content.decode()
    shown = client.post(PHONE, {"code": totp.code_at(secret, totp.step_of(time.time()))}).content.decode()
    codes = re.findall(r"\b(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}\b", shown)
    assert len(set(codes)) == factors.CODES
    assert "/agents/calendrier/" in shown
    assert client.get("/agents/").status_code == 200
    assert {"agent.factor_set", "agent.signed_in"} <= set(Entry.objects.values_list("action", flat=True))
    factor = SecondFactor.objects.get(account=alix)
    assert secret not in factor.secret
    kept = b"".join(bytes(each.digest) for each in RecoveryCode.objects.all())
    assert not any(each.replace("-", "").encode() in kept for each in codes)


@pytest.mark.exigence("ASVS 6.5.1")
def test_a_code_serves_once_and_an_old_one_not_at_all(client, alix, clock):
    """6.5.1, 6.5.5."""
    factors.give(alix, SECRET)
    assert password(client, alix).url == CODE
    assert client.get("/agents/").url.startswith(IN)
    assert client.get(PHONE).url == CODE
    old = code_now(-2)
    assert client.post(CODE, {"code": old}).status_code == 422
    code = code_now()
    assert client.post(CODE, {"code": f"{code[:3]} {code[3:]}"}).url == "/agents/calendrier/"
    other = Client()
    password(other, alix)
    assert other.post(CODE, {"code": code}).status_code == 422
    clock.shift(30)
    assert other.post(CODE, {"code": code_now()}).status_code == 302
    assert other.get("/agents/").status_code == 200


@pytest.mark.exigence("ASVS 6.5.2")
def test_a_recovery_code_serves_once_for_its_owner(client, alix, town, clock):
    """6.5.2, 6.5.3."""
    codes = factors.enrol(alix, SECRET, code_now())
    given = {"recovery": codes[0].lower().replace("-", " ")}
    password(client, alix)
    assert client.post(CODE, given, follow=True).status_code == 200
    again = Client()
    password(again, alix)
    assert again.post(CODE, given).status_code == 422
    stranger = Account.objects.create(authority=town.authority, email="z@valmont.example")
    factors.give(stranger, SECRET)
    assert not factors.check(stranger, codes[1])
    assert factors.check(alix, codes[1])
    assert factors.codes_left(alix) == factors.CODES - 2


@pytest.mark.exigence("ASVS 6.3.1")
def test_five_wrong_codes_suspend_the_account_and_the_sixth_is_not_read(client, alix, clock):
    """6.3.1: whoever does not know the password suspends nobody."""
    factors.give(alix, SECRET)
    password(client, alix)
    for _ in range(factors.MOST_FAILURES):
        assert client.post(CODE, {"code": "000000"}).status_code == 422
    refused = client.post(CODE, {"code": code_now()})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "901"
    clock.shift(factors.SUSPENSION)
    password(client, alix)
    assert client.post(CODE, {"code": code_now()}).status_code == 302


def test_what_lies_between_the_two_steps_ends_with_the_password_the_account_and_the_time(client, alix, clock):
    factors.give(alix, SECRET)
    password(client, alix)
    Account.objects.filter(pk=alix.pk).update(is_active=False)
    assert client.post(CODE, {"code": code_now()}).url == IN
    Account.objects.filter(pk=alix.pk).update(is_active=True)
    password(client, alix)
    alix.set_password("une autre phrase assez longue")
    alix.save()
    assert client.post(CODE, {"code": code_now()}).url == IN
    alix.set_password(PASSWORD)
    alix.save()
    password(client, alix)
    clock.shift(901)
    assert client.post(CODE, {"code": code_now()}).url == IN
    assert client.get(PHONE).url == "/agents/"


def test_who_came_before_a_telephone_was_installed_does_not_replace_it(client, alix, clock):
    early = Client()
    assert password(early, alix).url == PHONE
    password(client, alix)
    secret = re.search(r"secret=([A-Z2-7]{32})", client.get(PHONE).content.decode())[1]
    assert client.post(PHONE, {"code": totp.code_at(secret, totp.step_of(time.time()))}).status_code == 200
    assert early.get(PHONE).url == "/agents/"
    assert early.get("/agents/").url.startswith(IN)
    assert password(early, alix).url == CODE


@pytest.mark.exigence("ASVS 7.2.4")
def test_the_key_of_the_session_changes_at_each_step(client, alix, clock):
    """7.2.4."""
    factors.give(alix, SECRET)
    client.get(IN)
    keys = []
    for step in (lambda: password(client, alix), lambda: client.post(CODE, {"code": code_now()})):
        step()
        keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert len(set(keys)) == 2
    assert OpenSession.objects.filter(account_id=alix.pk).count() == 1


@pytest.mark.exigence("ASVS 7.4.3")
def test_another_telephone_asks_for_a_right_code_and_ends_the_other_sessions(client, alix, clock):
    """7.4.3, 7.5.1."""
    factors.give(alix, SECRET)
    password(client, alix)
    client.post(CODE, {"code": code_now()})
    other = Client(headers={"user-agent": "Navigateur du guichet"})
    log_in(other, alix)
    assert client.get(PHONE).url == "/agents/"
    assert client.post(SAFETY, {"code": "000000"}).status_code == 422
    clock.shift(30)
    assert client.post(SAFETY, {"code": code_now()}).url == PHONE
    secret = re.search(r"secret=([A-Z2-7]{32})", client.get(PHONE).content.decode())[1]
    clock.shift(30)
    done = client.post(PHONE, {"code": totp.code_at(secret, totp.step_of(time.time()))})
    assert done.status_code == 200
    assert client.get("/agents/").status_code == 200
    assert other.get("/agents/").url.startswith(IN)
    clock.shift(60)
    assert not factors.check(alix, code_now())


@pytest.mark.exigence("ASVS 7.4.2")
@pytest.mark.exigence("ASVS 7.4.5")
@pytest.mark.exigence("ASVS 7.5.2")
def test_sessions_are_listed_and_ended_by_their_owner_and_by_the_administrator(alix, town):
    """7.4.2, 7.4.5, 7.5.2."""
    browsers = [Client(headers={"user-agent": f"Navigateur {number}"}) for number in range(3)]
    with time_machine.travel(NOON, tick=False) as clock:
        factors.give(alix, SECRET)
        for each in browsers:
            password(each, alix)
            assert each.post(CODE, {"code": code_now()}).status_code == 302
            clock.shift(30)
        first = browsers[0]
        page = first.get(SAFETY).content.decode()
        assert [f"Navigateur {number}" in page for number in range(3)] == [True] * 3
        keys = OpenSession.objects.values_list("session_key", flat=True)
        assert not any(key in page for key in keys)
        numbers = re.findall(r'value="([0-9a-f]{16})"', page)
        assert len(numbers) == 2
        first.post(f"{SAFETY}sessions/", {"session": numbers[0]})
        assert [each.get("/agents/").status_code for each in browsers] == [200, 200, 302]
        first.post(f"{SAFETY}sessions/")
        assert [each.get("/agents/").status_code for each in browsers] == [200, 302, 302]
        boss = Account.objects.create(authority=town.authority, email="b@valmont.example")
        Membership.objects.create(account=boss, role=Role.ADMINISTRATOR)
        desk = Client()
        log_in(desk, boss)
        here = f"/agents/administration/agents/{alix.pk}/"
        assert "Navigateur 0" in desk.get(here).content.decode()
        desk.post(f"{here}acces/", {"sessions": "1"})
        assert first.get("/agents/").status_code == 302
        desk.post(f"{here}acces/", {"factor": "1"})
        assert password(first, alix).url == PHONE


def test_the_command_forgets_a_lost_telephone(alix, capsys):
    factors.give(alix, SECRET)
    call_command("gru_agent", "forget-factor", alix.email)
    assert not factors.is_enrolled(alix)
    assert "installs a telephone" in capsys.readouterr().out
