"""Reporting an accessibility defect: one click from any page, already knowing which page."""

import re

import pytest

from etoile.gru.filling.models import Draft
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import close

pytestmark = pytest.mark.exigence("A11Y-06")


def link(html):
    return re.search(r'href="(/accessibilite/signaler\?[^"]*)"', html)[1]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/aide", "%2Faide"),
        ("/demarches/acte-etat-civil/", "%2Fdemarches%2Facte-etat-civil%2F"),
        ("/agents/connexion/", "%2Fagents%2Fconnexion%2F"),
        ("/agents/accessibilite", "%2Fagents%2Faccessibilite"),
    ],
)
def test_the_footer_of_every_page_leads_to_the_report_of_that_page(client, town, path, page):
    assert link(client.get(path).content.decode()).endswith(f"page={page}")


def test_the_secret_of_a_request_never_enters_the_link(client, town):
    html = client.get("/suivi/unsecretquinouvreriendutout/").content.decode()
    assert "unsecretquinouvreriendutout" not in html.partition("<footer")[2]


def test_the_form_opens_with_the_page_already_written(client, town):
    page = client.get("/accessibilite/signaler?page=/aide").content.decode()
    assert "Page concernée : /aide" in page
    assert "Ce qui va se passer" in page
    answer = client.post("/accessibilite/signaler", {"page": "/aide"})
    assert answer["Location"].startswith("/demarches/signaler-defaut-accessibilite/remplir/")
    assert 'value="/aide"' in client.get(answer["Location"]).content.decode()
    assert Draft.objects.get().answers == {"page_concernee": "/aide"}


def test_a_page_too_long_or_hostile_is_only_words(client, town):
    page = client.get("/accessibilite/signaler", {"page": '"><script>x</script>' + "a" * 5000})
    assert b"<script>x" not in page.content
    client.post("/accessibilite/signaler", {"page": "a" * 5000})
    assert len(Draft.objects.get().answers["page_concernee"]) == 200


def test_without_the_procedure_the_page_says_how_to_write_or_call(client, town):
    close(Procedure.objects.get(slug="signaler-defaut-accessibilite"), reason="Fermée")
    page = client.get("/accessibilite/signaler").content.decode()
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    assert "mairie@valmont.example" in page
    assert client.post("/accessibilite/signaler", {"page": "/aide"}).status_code == 200
    assert not Draft.objects.exists()
