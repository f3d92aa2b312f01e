"""Each public page: whole, titled, light, in both languages, and as cheap with many procedures as with one."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import close
from tests.gru.portal.conftest import make_town
from tests.gru.portal.journey import Names, title

PAGES = [
    "/",
    "/demarches/",
    "/demarches/acte-etat-civil/",
    "/recherche?q=naissance",
    "/situations/naissance/",
    "/fiches/carte-identite/",
    "/lieux/",
    "/actualites/",
    "/actualites/marche/",
    "/suivi/",
    "/accessibilite",
    "/accessibilite/signaler",
    "/ecoconception",
    "/mentions-legales",
    "/donnees-personnelles",
    "/plan-du-site",
    "/aide",
    "/contact",
]


def seen(client, path, language="fr"):
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_its_landmarks_a_skip_link_and_the_legal_links(client, town, path):
    html = seen(client, path).content.decode()
    assert html.startswith("<!doctype html>")
    assert '<html lang="fr">' in html
    assert html.count("<h1") == 1
    assert html.index('class="skip-link" href="#contenu"') < html.index("<header")
    for landmark in ("<header", '<main id="contenu"', "<footer", 'aria-label="Navigation principale"'):
        assert landmark in html
    assert ">Accessibilité : non conforme</a>" in html
    for address in (
        "/accessibilite",
        "/ecoconception",
        "/mentions-legales",
        "/donnees-personnelles",
        "/plan-du-site",
        "/contact",
        "/aide",
    ):
        assert f'href="{address}"' in html
    identifiers = Names(html).ids
    assert len(identifiers) == len(set(identifiers))


def test_each_page_has_a_title_of_its_own_that_ends_with_the_town(client, town):
    titles = [title(seen(client, path)) for path in PAGES]
    assert len(set(titles)) == len(PAGES)
    assert all(each.endswith(" – Valmont-sur-Loire") for each in titles)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_exists_in_english(client, town, path):
    html = seen(client, path, "en").content.decode()
    assert '<html lang="en">' in html
    assert "Accessibility: not compliant" in html
    assert title(seen(client, path, "en")) != title(seen(client, path)) or path == "/contact"


def test_the_language_chosen_is_kept_and_brings_back_to_the_same_page(client, town):
    answer = client.post("/langue/", {"language": "en", "next": "/aide"})
    assert answer["Location"] == "/aide"
    assert '<html lang="en">' in client.get("/aide").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client, town, path):
    response = seen(client, path)
    html = response.content.decode()
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*ld\+json| src=\"/static/)", html)
    assert re.findall(r'<link[^>]+href="(?!/static/)', html) == []
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["/", "/demarches/", "/demarches/acte-etat-civil/", "/recherche?q=naissance"])
def test_a_page_and_what_it_loads_hold_in_sixty_kilobytes_and_six_requests(client, town, path):
    html = seen(client, path).content
    linked = re.findall(r'<(?:link|script)[^>]+(?:href|src)="/static/([^"]+)"', html.decode())
    weight = len(gzip.compress(html)) + sum(len(gzip.compress(Path(find(name)).read_bytes())) for name in linked)
    assert 1 + len(linked) <= 6
    assert weight <= 60_000


def test_the_data_for_search_engines_is_valid_json_with_the_nonce_of_the_page(client, town):
    response = seen(client, "/demarches/acte-etat-civil/")
    found = re.search(r'<script type="application/ld\+json" nonce="([^"]+)">(.+?)</script>', response.content.decode())
    assert f"'nonce-{found[1]}'" in response["Content-Security-Policy"]
    data = json.loads(found[2])
    assert data["@type"] == "GovernmentService"
    assert data["provider"]["name"] == "Valmont-sur-Loire"
    assert data["url"].endswith("/demarches/acte-etat-civil/")


def test_what_is_typed_in_the_search_is_escaped(client, town):
    for path in ("/demarches/", "/recherche"):
        html = client.get(path, {"q": "<script>alert(1)</script>"}).content.decode()
        assert "<script>alert" not in html


def test_a_closed_procedure_says_why_and_cannot_be_started(client, town):
    close(Procedure.objects.get(slug="acte-etat-civil"), reason="Le service ferme jusqu'en mars.")
    html = seen(client, "/demarches/acte-etat-civil/").content.decode()
    assert "Le service ferme jusqu" in html
    assert "Commencer la démarche" not in html
    assert client.post("/demarches/acte-etat-civil/remplir/")["Location"] == "/demarches/acte-etat-civil/"


def test_an_unknown_procedure_and_another_authority_s_are_not_found(client, town):
    other = make_town("Autreville", "21490998900018")
    other.host = "autreville.example"
    other.save()
    Procedure.objects.filter(authority=town, slug="acte-etat-civil").update(state="archived")
    for path in ("/demarches/rien/", "/demarches/acte-etat-civil/", "/rien"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Cette page n’existe pas" in answer.content.decode()


def test_the_register_of_processing_is_printed_for_each_open_procedure(client, town):
    html = seen(client, "/donnees-personnelles").content.decode()
    for procedure in Procedure.objects.filter(authority=town):
        assert f'id="{procedure.slug}"' in html
    assert "dpo@valmont.example" in html
    assert "1 an au service" in html


def test_a_town_s_colour_is_applied_with_the_nonce_and_an_unreadable_one_is_not(client, town):
    town.theme = {"colour": "#5b2a6e"}
    town.save()
    response = seen(client, "/")
    nonce = re.search(r'<style nonce="([^"]+)">:root\{[^}]*--brand:#5b2a6e;', response.content.decode())[1]
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]
    town.theme = {"colour": "#ffee00"}
    town.save()
    assert "<style" not in seen(client, "/").content.decode()
