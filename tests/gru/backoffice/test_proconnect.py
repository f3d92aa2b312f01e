"""ProConnect stands for the password of an agent, and for nothing else: facing the simulated one on a real socket."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client

from etoile.doubles.identity.double import CLIENT_ID, CLIENT_SECRET
from etoile.doubles.identity.platforms import PROCONNECT
from etoile.gru.access import factors
from etoile.gru.access.models import OpenSession
from etoile.gru.audit.models import Entry
from etoile.gru.identity.agents import AgentLink
from etoile.gru.identity.platforms import proconnect
from etoile.runtime import totp
from tests.gru.identity.going import HOST, HTTP, come_back, gone

PLATFORM = PROCONNECT
START, BACK, END = "/identite/proconnect/", "/identite/proconnect/retour/", "/identite/proconnect/fin/"
IN, CODE, PHONE = "/agents/connexion/", "/agents/connexion/code/", "/agents/connexion/telephone/"
SECRET = "DEMOETOILESECRETDEMONSTRATION234"


@pytest.fixture
def alix(town, issuer, settings):
    cache.clear()
    platform = proconnect(issuer, CLIENT_ID, CLIENT_SECRET, "RS256")
    settings.IDENTITY = replace(settings.IDENTITY, proconnect=platform)
    town.agent.email = "alix.moreau@valmont-sur-loire.example"
    town.agent.save()
    return town.agent


def code_now():
    return totp.code_at(SECRET, totp.step_of(time.time()))


def test_who_is_known_at_proconnect_still_gives_the_code_of_their_telephone(client, alix):
    factors.give(alix, SECRET)
    assert 'action="/identite/proconnect/"' in client.get(IN).content.decode()
    assert come_back(client, START, "agent", next="/agents/calendrier/").url == CODE
    assert client.get("/agents/").url.startswith(IN), "nothing is open yet"
    assert client.post(CODE, {"code": code_now()}).url == "/agents/calendrier/"
    assert client.get("/agents/").status_code == 200
    assert Entry.objects.get(action="agent.signed_in").detail == {"by": "proconnect"}
    kept = client.session["told_by"]["token"]
    assert kept.count(".") == 0, "the id_token is sealed"

    # Leaving ends the session here, then there, and comes back to the door.
    away = client.post("/agents/deconnexion/").url
    assert away.startswith(django_settings.IDENTITY.proconnect.issuer)
    assert not OpenSession.objects.filter(account_id=alix.pk).exists()
    ended = HTTP.request("GET", away, redirect=False)
    back = urlsplit(ended.headers["location"])
    assert (ended.status, back.path) == (303, END)
    page = client.get(f"{back.path}?{back.query}", follow=True).content.decode()
    assert "Vous êtes déconnecté, ici et de ProConnect." in page


def test_without_a_telephone_one_is_installed_and_a_foreign_address_is_not_followed(client, alix):
    assert come_back(client, START, "agent", next="https://ailleurs.example/").url == PHONE
    assert client.session["half_signed_in"]["next"] == "/agents/"


def test_two_factors_told_by_proconnect_are_enough_only_where_the_installation_says_so(client, alix, settings):
    factors.give(alix, SECRET)
    assert come_back(client, START, "strong").url == CODE
    settings.IDENTITY = replace(settings.IDENTITY, trusts_factor=True)
    assert come_back(Client(), START, "agent").url == CODE, "amr says a password alone"
    assert come_back(client, START, "strong", next="/agents/calendrier/").url == "/agents/calendrier/"
    assert client.get("/agents/").status_code == 200


def test_each_refusal_opens_nothing_says_why_and_leaves_a_line(client, alix, provider, settings):
    come_back(Client(), START, "agent")
    said = {
        "abort": (200, "Vous avez quitté ProConnect avant la fin", None),
        "unavailable": (503, "ProConnect ne répond pas en ce moment", None),
        "elsewhere": (403, "vous travaillez pour une autre collectivité", "employer"),
        "stranger": (403, "Aucun compte n’existe ici pour sacha.petit@valmont-sur-loire.example", "unknown"),
        "namesake": (403, "est déjà lié à une autre identité ProConnect", "other"),
    }
    for person, (status, words, why) in said.items():
        answer = come_back(client, START, person)
        assert (answer.status_code, words in answer.content.decode()) == (status, True), person
        assert client.get("/agents/").url.startswith(IN)
        last = Entry.objects.filter(action="identity.refused").order_by("-pk").first()
        assert (last.detail["why"] if last else None) == (why or (last and last.detail["why"])), person
    assert AgentLink.objects.count() == 1

    # An answer that served, of another browser, or that was not asked for.
    used = gone(client, START, "agent")
    assert client.get(used).status_code == 302
    strangers = [client.get(used), Client().get(gone(client, START, "agent")), client.get(f"{BACK}?code=x&state=y")]
    assert [answer.status_code for answer in strangers] == [400, 400, 400]
    assert "vient d’un autre navigateur" in strangers[0].content.decode()
    why = list(Entry.objects.filter(action="identity.refused").order_by("-pk").values_list("detail__why", flat=True))
    assert why[:3] == ["state", "nothing was asked", "nothing was asked"]

    provider.faults.set("unavailable", path="/api/v2/token")
    assert come_back(client, START, "agent").status_code == 503
    provider.faults.set(None)
    settings.IDENTITY = replace(settings.IDENTITY, proconnect=None)
    assert [client.post(START).status_code, client.get(BACK).status_code] == [404, 404]
    assert START not in client.get(IN).content.decode()


def test_what_is_asked_of_proconnect_is_only_what_it_documents(client, alix):
    asked = parse_qs(urlsplit(client.post(START)["Location"]).query)
    assert set(asked) <= PLATFORM.parameters
    assert asked["redirect_uri"] == [f"{HOST}{BACK}"]
    assert client.cookies["gru_identity_proconnect"]["httponly"]
