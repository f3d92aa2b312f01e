"""The directory of an authority stands for the password of its agents, and its groups for their roles: facing the
simulated one on a real socket."""

from dataclasses import replace
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from etoile.doubles.identity.double import CLIENT_ID, CLIENT_SECRET, ROLES
from etoile.doubles.identity.platforms import DIRECTORY
from etoile.gru.access import factors
from etoile.gru.access.models import Account, Role
from etoile.gru.audit.models import Entry
from etoile.gru.identity import ruling
from etoile.gru.identity.directories import Directory, Line, read
from etoile.gru.identity.platforms import directory
from tests.gru.conftest import log_in, make_town
from tests.gru.identity.going import HOST, HTTP, come_back

PLATFORM = DIRECTORY
START, BACK, END = "/identite/annuaire/", "/identite/annuaire/retour/", "/identite/annuaire/fin/"
IN, CODE, PHONE = "/agents/connexion/", "/agents/connexion/code/", "/agents/connexion/telephone/"
SECRET = "DEMOETOILESECRETDEMONSTRATION234"
SACHA = "sacha.petit@valmont-sur-loire.example"


@pytest.fixture
def alix(town, issuer, settings):
    cache.clear()
    asked = directory(issuer, CLIENT_ID, CLIENT_SECRET, "RS256")
    known = Directory(siret=town.authority.siret, platform=asked, lines=read(ROLES), factors=("amr:mfa",))
    settings.IDENTITY = replace(settings.IDENTITY, directory=known)
    town.agent.email = "alix.moreau@valmont-sur-loire.example"
    town.agent.save()
    factors.give(town.agent, SECRET)
    return town.agent


def held(email: str) -> list[tuple[str, str]]:
    found = Account.objects.get(email=email).memberships.order_by("role")
    return [(each.role, each.team.slug if each.team else "*") for each in found]


def last_refusal() -> str:
    return Entry.objects.filter(action="identity.refused").order_by("-pk").first().detail["why"]


def test_an_agent_comes_in_and_leaves_by_the_directory_and_the_second_factor_stays_asked(client, alix):
    before = held(alix.email)
    page = client.get(IN).content.decode()
    assert "Se connecter avec le compte de la collectivité" in page
    assert come_back(client, START, "agent").url == CODE
    assert client.get("/agents/").url.startswith(IN), "nothing is open yet"
    strong = Client()
    assert come_back(strong, START, "strong", next="/agents/calendrier/").url == "/agents/calendrier/"
    assert strong.get("/agents/").status_code == 200, "the setting believes amr:mfa of this directory"
    assert held(alix.email) == before, "an account that was there keeps the roles given here"
    assert Entry.objects.get(action="agent.signed_in").detail == {"by": "directory"}
    away = strong.post("/agents/deconnexion/").url
    assert away.startswith(django_settings.IDENTITY.directory.platform.issuer)
    ended = HTTP.request("GET", away, redirect=False)
    told = strong.get(ended.headers["location"].removeprefix(HOST), follow=True).content.decode()
    assert "ici et de votre compte de la collectivité" in told


def test_groups_make_an_account_give_its_roles_and_take_them_away(client, alix, settings):
    assert come_back(client, START, "new").url == PHONE
    sacha = Account.objects.get(email=SACHA)
    assert (sacha.full_name, sacha.has_usable_password(), ruling.rules(sacha)) == ("Sacha Petit", False, True)
    assert held(SACHA) == [("instructor", "etat-civil"), ("manager", "etat-civil")]
    made = Entry.objects.filter(subject=SACHA, action__in=("agent.created", "agent.roles")).order_by("pk")
    assert [(each.actor, each.action) for each in made] == [("Annuaire", "agent.created"), ("Annuaire", "agent.roles")]

    # A line that leaves the file takes its role away at the next sign-in; so does a team that is not there.
    known = settings.IDENTITY.directory
    lines = (*known.lines[:1], Line("GRU-Etat-civil", "reader", "ailleurs"))
    settings.IDENTITY = replace(settings.IDENTITY, directory=replace(known, lines=lines))
    come_back(client, START, "new")
    assert held(SACHA) == [("instructor", "etat-civil")]
    with pytest.raises(CommandError, match="not there: ailleurs"):
        call_command("gru_directory")

    settings.IDENTITY = replace(settings.IDENTITY, directory=known)
    call_command("gru_directory", stdout=(told := StringIO()))
    assert told.getvalue() == (
        "The directory answers; 3 lines give roles; it does not tell who leaves (GRU_DIRECTORY_SCIM_TOKEN).\n"
    )

    answer = come_back(client, START, "moved")
    assert (answer.status_code, held(SACHA), last_refusal()) == (403, [], "nothing")
    assert "dans aucun des groupes" in answer.content.decode()
    assert Entry.objects.filter(subject=SACHA, action="agent.roles").count() == 3


def test_what_the_directory_rules_is_read_and_not_changed_in_administration(client, alix):
    come_back(client, START, "new")
    sacha = Account.objects.get(email=SACHA)
    alix.memberships.create(role=Role.ADMINISTRATOR)
    agent_client = Client()
    log_in(agent_client, alix)
    page = f"/agents/administration/agents/{sacha.pk}/"
    shown = agent_client.get(page).content.decode()
    assert "Son nom et ses rôles y sont décidés" in shown
    assert 'name="family_name"' not in shown
    assert 'name="send"' not in shown
    Account.objects.filter(pk=sacha.pk).update(last_login=None)
    assert "invitation envoyée" not in agent_client.get("/agents/administration/agents/").content.decode()
    refused = agent_client.post(page, {"family_name": "Autre", "whole": ["administrator"]}, follow=True)
    assert "vient de l’annuaire" in refused.content.decode()
    assert "vient de l’annuaire" in agent_client.post(f"{page}acces/", {"send": "1"}, follow=True).content.decode()
    sacha.refresh_from_db()
    assert (sacha.family_name, len(held(SACHA))) == ("Petit", 2)
    agent_client.post(f"{page}acces/", {"directory": "1"})
    assert ruling.link_of(sacha).subject == ""


def test_each_refusal_opens_nothing_says_why_and_leaves_a_line(client, alix, provider, settings, town):
    come_back(Client(), START, "agent")
    said = {
        "abort": (200, "avant la fin", None),
        "nobody": (403, "Aucun droit n’est donné ici à camille.roux@", "unknown"),
        "namesake": (403, "est déjà lié à une autre personne de l’annuaire", "other"),
        "unverified": (403, "ou ne l’a pas vérifié", "claims"),
    }
    for person, (status, words, why) in said.items():
        answer = come_back(client, START, person)
        assert (answer.status_code, words in answer.content.decode()) == (status, True), person
        assert client.get("/agents/").url.startswith(IN)
        assert why is None or last_refusal() == why
    assert not Account.objects.filter(email__startswith="lou").exists()
    strange = [client.get(f"{BACK}?code=x&state=y"), client.get(f"{BACK}?error=x")]
    assert [answer.status_code for answer in strange] == [400, 400]
    provider.faults.set("unavailable", path="/api/v2/token")
    assert "annuaire de la collectivité ne répond pas" in come_back(client, START, "agent").content.decode()
    provider.faults.set(None)

    # Too many groups to be told (Entra ID) is not « none »: nothing is changed, nobody comes in.
    come_back(Client(), START, "new")
    sacha = provider.people["new"]["claims"]
    groups = sacha.pop("groups")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(provider, "opened", lambda grant: {**sacha, "_claim_names": {"groups": "src1"}})
            assert come_back(client, START, "new").status_code == 403
    finally:
        sacha["groups"] = groups
    assert (last_refusal(), len(held(SACHA))) == ("groups", 2)

    # The directory of a town opens nothing in another one.
    other = make_town("21450000000019", "ailleurs").authority
    settings.IDENTITY = replace(settings.IDENTITY, directory=replace(settings.IDENTITY.directory, siret=other.siret))
    assert [client.post(START).status_code, client.get(BACK).status_code] == [404, 404]
    assert START not in client.get(IN).content.decode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a list"),
        ("[{group: a, role: instructor}]", "line 1"),
        ("[{group: a, role: instructor, team: }]", "line 1"),
        ('[{group: "", role: instructor, team: x}]', "a group and a team"),
        ("a: [", "cannot be read"),
    ],
)
def test_a_file_of_groups_that_is_wrong_is_refused_with_its_line(tmp_path, text, why):
    file = tmp_path / "roles.yaml"
    file.write_text(text)
    with pytest.raises(ValueError, match=why):
        read(file)


def test_a_role_that_no_team_may_hold_is_given_in_the_whole_authority_by_its_own_line_or_not_at_all():
    platform = directory("https://sso.example", "x", "y", "RS256")
    for role, team in (("administrator", "etat-civil"), ("mayor", "*")):
        wrong = Directory(siret="21490999900017", platform=platform, lines=(Line("a", role, team),))
        with pytest.raises(ImproperlyConfigured, match=role):
            ruling.check(wrong)
    ruling.check(Directory(siret="21490999900017", platform=platform, lines=(Line("a", Role.ADMINISTRATOR, "*"),)))
