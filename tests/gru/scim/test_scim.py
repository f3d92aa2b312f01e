"""A directory says who has come and who has left, by SCIM 2.0: who leaves is out at once, and it empties no town."""

import json
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from tests.gru.conftest import log_in, make_agent, make_town

from etoile.gru.access.models import Account, OpenSession, Role
from etoile.gru.audit.models import Entry
from etoile.gru.identity import discovery, leaving
from etoile.gru.identity.directories import Directory, Line
from etoile.gru.identity.models import DirectoryLink
from etoile.gru.identity.platforms import directory
from etoile.gru.notices.models import Notice

TOKEN = "a-token-of-the-tests-with-enough-characters"
USERS = "/scim/v2/Users"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
AGENTS = "/agents/administration/agents/"


class Caller:
    """A directory that provisions: `token` is what it shows."""

    def __init__(self, token: str = TOKEN) -> None:
        self.client, self.token = Client(), token

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
        given = {"Authorization": f"Bearer {self.token}", **headers}
        content = body if isinstance(body, str) else json.dumps(body)
        answer = self.client.generic(method, path, content, "application/scim+json", headers=given)
        return answer.status_code, json.loads(answer.content) if answer.content else {}

    def leave(self, account: Account, value: object = False) -> tuple[int, dict]:
        operation = {"op": "Replace", "path": "active", "value": value}
        return self.ask("PATCH", f"{USERS}/{account.pk}", {"schemas": [PATCH_OP], "Operations": [operation]})


@pytest.fixture
def known(town, settings) -> Directory:
    cache.clear()
    platform = directory("https://sso.example/realms/town", "gru", "secret", "RS256")
    lines = (Line("GRU", "instructor", "etat-civil"),)
    found = Directory(siret=town.authority.siret, platform=platform, lines=lines, token=TOKEN)
    settings.IDENTITY = replace(settings.IDENTITY, directory=found)
    return found


@pytest.fixture
def caller(known) -> Caller:
    return Caller()


def test_an_agent_who_leaves_is_out_at_the_next_page_and_comes_back_as_the_directory_says(caller, town):
    working = Client()
    log_in(working, town.agent)
    assert working.get("/agents/").status_code == 200
    status, found = caller.ask("GET", f'{USERS}?filter=userName eq "{town.agent.email.upper()}"')
    assert (status, found["totalResults"], found["Resources"][0]["active"]) == (200, 1, True)
    # As Entra ID writes it: a capital, and a boolean as text.
    status, user = caller.leave(town.agent, "False")
    assert (status, user["active"]) == (200, False)
    assert working.get("/agents/").status_code == 302
    assert not OpenSession.objects.filter(account_id=town.agent.pk).exists()
    line = Entry.objects.get(action="agent.cut")
    assert (line.actor, line.account_id, line.subject) == ("Annuaire", None, town.agent.email)
    assert caller.ask("GET", f"{USERS}/{town.agent.pk}")[1]["active"] is False, "still told, and closed"
    assert caller.leave(town.agent, True)[1]["active"] is True
    assert caller.ask("DELETE", f"{USERS}/{town.agent.pk}")[0] == 204
    assert not Account.objects.get(pk=town.agent.pk).is_active


def test_what_somebody_closed_here_the_directory_does_not_open_and_the_other_way_round(caller, town):
    administrator = make_agent(town.authority, town.team, "chef@valmont.example")
    administrator.memberships.create(role=Role.ADMINISTRATOR)
    browser = Client()
    log_in(browser, administrator)
    access = f"{AGENTS}{town.agent.pk}/acces/"
    caller.leave(town.agent)
    assert "c’est lui qui le rouvre" in browser.post(access, {"open": "1"}, follow=True).content.decode()
    assert "C’est lui qui le rouvre" in browser.get(f"{AGENTS}{town.agent.pk}/").content.decode()
    caller.leave(town.agent, True)
    browser.post(access, {"close": "1"})
    assert caller.leave(town.agent, True)[1]["active"] is False


def test_a_directory_that_empties_closes_no_more_than_leave_in_an_hour_and_somebody_is_told(caller, town):
    administrator = make_agent(town.authority, town.team, "chef@valmont.example")
    administrator.memberships.create(role=Role.ADMINISTRATOR)
    many = [make_agent(town.authority, town.team, f"agent-{number}@valmont.example") for number in range(8)]
    found = [caller.leave(each)[0] for each in many]
    assert found == [200] * leaving.FEWEST + [503] * 3
    assert Account.objects.filter(is_active=False).count() == leaving.FEWEST
    assert Entry.objects.filter(action="directory.held").count() == 1
    assert list(Notice.objects.values_list("template", "recipient_email")) == [
        ("directory_held", "chef@valmont.example")
    ]
    # An hour later it is still held: somebody has to look.
    DirectoryLink.objects.update(cut_at="2026-01-01T00:00:00Z")
    assert caller.leave(many[-1])[0] == 503
    with pytest.MonkeyPatch.context() as patch, pytest.raises(CommandError, match="too many accounts"):
        patch.setattr(discovery, "known", lambda platform: None)
        call_command("gru_directory")
    browser = Client()
    log_in(browser, administrator)
    assert "L’annuaire ne ferme plus d’accès" in browser.get(AGENTS).content.decode()
    browser.post(f"{AGENTS}annuaire/")
    assert "L’annuaire ne ferme plus d’accès" not in browser.get(AGENTS).content.decode()
    assert [caller.leave(each)[0] for each in many] == [200] * 8
    assert caller.leave(administrator)[0] == 200, "the last who administers leaves too"
    assert Entry.objects.filter(action="directory.allowed").count() == 1


def test_who_is_announced_has_an_account_without_a_role_and_follows_the_directory(caller, known, settings):
    sent = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "Lea.Roux@valmont.example",
        "externalId": "42",
        "name": {"givenName": "Léa", "familyName": "Roux"},
        "title": "let be",
        "roles": ["administrator"],
        "active": True,
    }
    status, user = caller.ask("POST", USERS, sent)
    lea = Account.objects.get(email="lea.roux@valmont.example")
    assert (status, user["id"], user["externalId"]) == (201, str(lea.pk), "42")
    assert (lea.memberships.exists(), lea.has_usable_password()) == (False, False)
    assert caller.ask("POST", USERS, sent)[1]["scimType"] == "uniqueness"
    assert caller.ask("GET", f'{USERS}?filter=externalId eq "42"')[1]["totalResults"] == 1
    changed = [
        {"op": "replace", "value": {"name": {"familyName": "Martin"}, "userName": "lea.martin@valmont.example"}},
        {"op": "add", "path": "name.givenName", "value": "Léa-Marie"},
        {"op": "remove", "path": "externalId"},
        {"op": "replace", "path": "title", "value": "let be"},
    ]
    status, user = caller.ask("PATCH", f"{USERS}/{lea.pk}", {"Operations": changed})
    assert (status, user["userName"], "externalId" in user) == (200, "lea.martin@valmont.example", False)
    lea.refresh_from_db()
    assert lea.full_name == "Léa-Marie Martin"
    assert Entry.objects.get(action="agent.email").detail["after"] == "lea.martin@valmont.example"
    put = {**sent, "userName": "lea.martin@valmont.example", "active": False}
    assert caller.ask("PUT", f"{USERS}/{lea.pk}", put)[1]["active"] is False
    settings.IDENTITY = replace(settings.IDENTITY, directory=replace(known, lines=()))
    assert caller.ask("POST", USERS, {**sent, "userName": "x@valmont.example"})[0] == 409


def test_an_account_made_here_keeps_its_name_and_its_address(caller, town):
    email, name = town.agent.email, town.agent.full_name
    told = [{"op": "replace", "value": {"userName": "other@valmont.example", "name": {"familyName": "Autre"}}}]
    assert caller.ask("PATCH", f"{USERS}/{town.agent.pk}", {"Operations": told})[1]["userName"] == email
    assert Account.objects.get(pk=town.agent.pk).full_name == name


def test_nobody_else_asks_and_nothing_of_another_authority_is_reached(caller, known, town, settings):
    stranger = make_town("21450000000019", "ailleurs").agent
    town.authority.host = "testserver"
    town.authority.save()
    user = f"{USERS}/{town.agent.pk}"
    for wrong in (Caller("another-token-of-the-same-length-as-the-other"), Caller("")):
        assert wrong.ask("GET", user)[0] == 401
        assert wrong.leave(town.agent)[0] == 401
    assert Client().get(USERS).status_code == 401
    assert set(Entry.objects.filter(action="identity.refused").values_list("detail__why", flat=True)) == {"token"}
    assert caller.leave(stranger)[0] == 404
    assert caller.ask("GET", f'{USERS}?filter=userName eq "{stranger.email}"')[1]["totalResults"] == 0
    assert caller.client.post(user, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405
    for changed in (replace(known, token=""), replace(known, siret="21450000000019")):
        settings.IDENTITY = replace(settings.IDENTITY, directory=changed)
        assert caller.ask("GET", user)[0] == 404
    assert Account.objects.filter(is_active=False).count() == 0


WRONG = [
    ("not json", "invalidSyntax"),
    ("[" * 5000, "invalidSyntax"),
    ({"Operations": []}, "invalidSyntax"),
    ({"Operations": [{"op": "move", "path": "active"}]}, "invalidSyntax"),
    ({"Operations": [{"op": "remove"}]}, "noTarget"),
    ({"Operations": [{"op": "remove", "path": "active"}]}, "invalidValue"),
    ({"Operations": [{"op": "replace", "path": ["active"], "value": False}]}, "invalidPath"),
    ({"Operations": [{"op": "replace", "path": "active", "value": "perhaps"}]}, "invalidValue"),
    ({"Operations": [{"op": "replace", "path": "active", "value": 0}]}, "invalidValue"),
    ({"Operations": [{"op": "replace", "path": "userName", "value": " "}]}, "invalidValue"),
    ({"Operations": [{"op": "replace", "path": "name.givenName", "value": "x" * 101}]}, "invalidValue"),
    ({"Operations": [{"op": "replace", "path": "externalId", "value": "a\x00b"}]}, "invalidValue"),
    ({"Operations": [{"op": "replace", "value": {"active": False}}, {"op": "x"}]}, "invalidSyntax"),
    ('{"Operations": [{"op": "add", "path": "externalId", "value": "\\ud800"}]}', "invalidValue"),
    ('{"Operations": [{"op": "add", "path": "name.familyName", "value": "a\\u0000"}]}', "invalidValue"),
]


def test_what_is_wrong_is_refused_whole_and_changes_nothing(caller, town):
    user = f"{USERS}/{town.agent.pk}"
    found = [(caller.ask("PATCH", user, body)[1].get("scimType"), body) for body, _why in WRONG]
    assert found == [(why, body) for body, why in WRONG]
    for text in ('userName sw "a"', 'userName eq "a" or active eq true', "x" * 3000, 'password eq "x"', 'id eq "%00"'):
        status, told = caller.ask("GET", f"{USERS}?filter={text}")
        assert (status, told["scimType"]) == (400, "invalidFilter")
    assert caller.ask("POST", USERS, {"active": True})[0] == 400
    assert Account.objects.get(pk=town.agent.pk).is_active


def test_pages_and_descriptions_follow_the_standard(caller, town):
    for number in range(3):
        make_agent(town.authority, town.team, f"agent-{number}@valmont.example")
    _status, page = caller.ask("GET", f"{USERS}?startIndex=2&count=2")
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"], len(page["Resources"])) == (4, 2, 2, 2)
    assert caller.ask("GET", f"{USERS}?count=0")[1]["Resources"] == []
    user = page["Resources"][0]
    assert user["meta"]["location"].endswith(f"{USERS}/{user['id']}")
    told = caller.ask("GET", "/scim/v2/ServiceProviderConfig")[1]
    assert (told["patch"]["supported"], told["bulk"]["supported"]) == (True, False)
    for path in ("ResourceTypes", "Schemas"):
        assert caller.ask("GET", f"/scim/v2/{path}")[1]["totalResults"] == 1
